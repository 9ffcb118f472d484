using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Tests.Api;

/// <summary>Creates completed requests directly in the store, for tests in which the numbers need not be prime.</summary>
internal static class StoredRequests
{
    /// <summary>Stores a completed request.</summary>
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
        await store.AcceptAsync(request, key: null, charge: null, TestContext.Current.CancellationToken);
        FoundPrime[] numbers = [.. Enumerable.Range(0, primes).Select(i => Number(i, digits))];
        BatchCommit commit = await store.CommitBatchAsync(request, 0, numbers, TestContext.Current.CancellationToken);
        Assert.Equal(CommitOutcome.Committed, commit.Outcome);
        return request.Id;
    }

    private static FoundPrime Number(int i, int digits)
    {
        string value = $"1{i.ToString(CultureInfo.InvariantCulture).PadLeft(digits - 1, '0')}";
        return new FoundPrime(value, SHA256.HashData(Encoding.ASCII.GetBytes(value)));
    }
}
