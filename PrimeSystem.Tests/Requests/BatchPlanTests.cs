using CsCheck;
using PrimeSystem.Primes;
using PrimeSystem.Requests;

namespace PrimeSystem.Tests.Requests;

/// <summary>Properties of the plan of any request within the limits.</summary>
public sealed class BatchPlanTests
{
    private static readonly Gen<(int Quantity, int Digits, int Window)> AnyRequest = Gen.Select(
        Gen.OneOf(Gen.Int[1, 1_000_000], Gen.Int[1, 100]), Gen.OneOf(Gen.Int[12, 10_000], Gen.Int[12, 100]), Gen.Int[1, 200]);

    [Fact]
    public void Batches_hold_every_prime_of_the_request_once_and_none_is_empty() => AnyRequest.Sample(request =>
    {
        var plan = BatchPlan.For(request.Quantity, request.Digits, request.Window);
        long before = (long)(plan.BatchCount - 1) * plan.BatchSize;
        int last = plan.CountOf(plan.BatchCount - 1, request.Quantity);
        return before + last == request.Quantity && last >= 1 && last <= plan.BatchSize
            && (plan.BatchCount == 1 || plan.CountOf(0, request.Quantity) == plan.BatchSize);
    });

    [Fact]
    public void A_batch_is_a_quarter_second_of_work_at_most_or_a_single_prime() => AnyRequest.Sample(request =>
    {
        var plan = BatchPlan.For(request.Quantity, request.Digits, request.Window);
        double seconds = plan.BatchSize * PrimeCost.ReferenceSeconds(request.Digits);
        return plan.BatchSize is >= 1 and <= BatchPlan.MaxBatchSize && (plan.BatchSize == 1 || seconds <= BatchPlan.BatchSeconds);
    });

    [Fact]
    public void A_batch_is_no_smaller_than_it_has_to_be() => AnyRequest.Sample(request =>
    {
        var plan = BatchPlan.For(request.Quantity, request.Digits, request.Window);
        double oneMore = (plan.BatchSize + 1) * PrimeCost.ReferenceSeconds(request.Digits);
        return plan.BatchSize == request.Quantity || plan.BatchSize == BatchPlan.MaxBatchSize || oneMore > BatchPlan.BatchSeconds;
    });

    [Fact]
    public void Racers_fill_the_window_and_no_more() => AnyRequest.Sample(request =>
    {
        var plan = BatchPlan.For(request.Quantity, request.Digits, request.Window);
        int racers = plan.RacersPerBatch(request.Digits, TimeSpan.FromSeconds(30));
        bool isExpensive = PrimeCost.ReferenceSeconds(request.Digits) > 30;
        return racers >= 1
            && (racers == 1 || (isExpensive && racers * plan.BatchCount <= plan.Window))
            && (!isExpensive || plan.BatchCount > plan.Window || (racers + 1) * plan.BatchCount > plan.Window);
    });

    [Theory]
    [InlineData(1, 12, true)]
    [InlineData(1, 309, true)]
    [InlineData(1, 1_234, false)]
    [InlineData(20_000, 12, true)]
    [InlineData(100_000, 12, false)]
    public void Small_requests_take_the_express_lane(int quantity, int digits, bool express) =>
        Assert.Equal(express, BatchPlan.IsExpress(quantity, digits));
}
