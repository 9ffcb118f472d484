namespace PrimeSystem.Requests.Queue;

/// <summary>Chooses the lane of a request.</summary>
public static class Lanes
{
    public static Lane Of(PrimeRequest request) => BatchPlan.IsExpress(request.Quantity, request.Digits) ? Lane.Express : Lane.Batches;
}
