using System.Data.Common;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Tests.Requests;

/// <summary>Many orders at the same moment, on each database.</summary>
public abstract class AcceptanceTests : TestsOnEachDatabase
{
    private const long Burst = 1_000;

    [Fact]
    public async Task Orders_that_arrive_together_are_all_stored()
    {
        PrimeRequest[] requests = [.. Enumerable.Range(0, 200).Select(i => Request() with
        {
            Owner = i % 3 == 0 ? null : $"owner {i}",
            TraceParent = i % 2 == 0 ? null : "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        })];

        AcceptResult[] accepted = await Task.WhenAll(requests.Select(request => Under.Store.AcceptAsync(request, key: null, charge: null, Cancellation)));

        Assert.Equal(requests.Select(request => new AcceptResult.Accepted(request.Id, IsNew: true)), accepted);
        IReadOnlyList<PrimeRequest> stored = await Under.Store.FindManyAsync([.. requests.Select(request => request.Id)], Cancellation);
        Assert.Equal(requests.OrderBy(request => request.Id), stored.OrderBy(request => request.Id));
    }

    [Fact]
    public async Task Orders_that_arrive_together_are_charged_to_their_accounts_and_accepted_as_far_as_those_suffice()
    {
        // Three accounts, each with work for ten of its twenty orders.
        (PrimeRequest Request, WorkCharge Charge)[] orders =
            [.. Enumerable.Range(0, 60).Select(i => (Request(), new WorkCharge($"account {i % 3}", Burst / 10, Burst)))];

        AcceptResult[] answers = await Task.WhenAll(
            orders.Select(order => Under.Store.AcceptAsync(order.Request, key: null, order.Charge, Cancellation)));

        foreach (IGrouping<string, AcceptResult> account in answers.Zip(orders).GroupBy(pair => pair.Second.Charge.Account, pair => pair.First))
        {
            Assert.Equal(10, account.OfType<AcceptResult.Accepted>().Count());
            Assert.All(account.OfType<AcceptResult.OverBudget>(), refusal => Assert.Equal(TimeSpan.FromTicks(Burst / 10), refusal.RetryAfter));
        }
        IReadOnlyList<PrimeRequest> stored = await Under.Store.FindManyAsync([.. orders.Select(order => order.Request.Id)], Cancellation);
        Assert.Equal(
            answers.OfType<AcceptResult.Accepted>().Select(accepted => accepted.RequestId).Order(), stored.Select(request => request.Id).Order());
    }

    [Fact]
    public async Task An_order_that_is_stored_again_is_charged_once()
    {
        PrimeRequest request = Request();
        var charge = new WorkCharge("account", Burst, Burst);

        for (int i = 0; i < 3; i++)
            Assert.Equal(new AcceptResult.Accepted(request.Id, IsNew: true), await Under.Store.AcceptAsync(request, key: null, charge, Cancellation));

        Assert.Equal(1, await Under.CountAsync("requests"));
    }

    [Fact]
    public async Task An_order_that_the_database_rejects_does_not_affect_those_that_arrive_with_it()
    {
        PrimeRequest[] good = [.. Enumerable.Range(0, 40).Select(_ => Request())];
        PrimeRequest bad = Request() with { Digits = 0 };

        Task<AcceptResult>[] accepting = [.. good.Take(20).Append(bad).Concat(good.Skip(20)).Select(
            request => Under.Store.AcceptAsync(request, key: null, charge: null, Cancellation))];

        await Assert.ThrowsAnyAsync<DbException>(() => accepting[20]);
        Assert.All(await Task.WhenAll(accepting.Where((_, i) => i != 20)), answer => Assert.IsType<AcceptResult.Accepted>(answer));
        Assert.Equal(good.Length, await Under.CountAsync("requests"));
    }

    private PrimeRequest Request()
    {
        DateTimeOffset now = Under.Time.GetUtcNow();
        return new PrimeRequest
        {
            Id = Guid.CreateVersion7(now),
            Quantity = 1,
            Digits = 12,
            Status = RequestStatus.Pending,
            GeneratedCount = 0,
            Plan = new BatchPlan(1, 1, 16),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
