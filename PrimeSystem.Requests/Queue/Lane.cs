namespace PrimeSystem.Requests.Queue;

/// <summary>Small requests have a lane of their own, so that they never wait behind big ones.</summary>
public enum Lane
{
    /// <summary>For batches of ordinary requests.</summary>
    Batches,

    /// <summary>For requests whose whole work is small.</summary>
    Express,
}

/// <summary>Which lane a request takes.</summary>
public static class Lanes
{
    public static Lane Of(PrimeRequest request) => BatchPlan.IsExpress(request.Quantity, request.Digits) ? Lane.Express : Lane.Batches;
}
