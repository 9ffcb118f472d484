using System.Numerics;
using PrimeSystem.Requests.Model;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Tests.Api;

/// <summary>Requests whose primes are there at once, however long: where it does not matter that they are prime.</summary>
internal static class StoredRequests
{
    /// <summary>A completed request of so many numbers.</summary>
    public static async Task<Guid> FillAsync(IRequestStore store, int primes, int digits)
    {
        var request = new PrimeRequest
        {
            Id = Guid.CreateVersion7(),
            Quantity = primes,
            Digits = digits,
            Status = RequestStatus.Pending,
            GeneratedCount = 0,
            Plan = new BatchPlan(primes, 1, 1),
            CreatedAt = DateTimeOffset.UtcNow,
            UpdatedAt = DateTimeOffset.UtcNow,
        };
        await store.CreateAsync(request, TestContext.Current.CancellationToken);
        BigInteger first = BigInteger.Pow(10, digits - 1);
        FoundPrime[] numbers = [.. Enumerable.Range(0, primes).Select(i => FoundPrime.From(first + i))];
        BatchCommit commit = await store.CommitBatchAsync(
            request, 0, numbers, _ => throw new NotSupportedException(), TestContext.Current.CancellationToken);
        Assert.Equal(CommitOutcome.Committed, commit.Outcome);
        return request.Id;
    }
}
