using PrimeSystem.Primes;

namespace PrimeSystem.Requests;

/// <summary>
/// The division of a request into batches, the unit that a worker takes, computes and commits. It is made once and stored with the request, so that
/// another release or configuration cannot split a running request differently.
/// </summary>
/// <param name="BatchSize">Primes in every batch but the last.</param>
/// <param name="BatchCount">Number of batches; they are numbered from 0.</param>
/// <param name="Window">How many batches of the request are in the queue at a time.</param>
public sealed record BatchPlan(int BatchSize, int BatchCount, int Window)
{
    /// <summary>The work in a batch by the reference cost: long compared with a round trip, short for a person who waits.</summary>
    public const double BatchSeconds = 0.25;

    /// <summary>The largest batch: a transaction with more rows holds its locks for too long.</summary>
    public const int MaxBatchSize = 5_000;

    /// <summary>A request with less work than this goes through the express queue.</summary>
    public const double ExpressSeconds = 0.1;

    /// <summary>Plans a request.</summary>
    /// <param name="quantity">Primes, 1 or more.</param>
    /// <param name="digits">Decimal digits of each, 1 or more.</param>
    /// <param name="window">Batches in the queue at a time, 1 or more.</param>
    public static BatchPlan For(int quantity, int digits, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        int fitting = (int)Math.Clamp(BatchSeconds / PrimeCost.ReferenceSeconds(digits), 1, MaxBatchSize);
        int size = Math.Min(fitting, quantity);
        return new BatchPlan(size, (quantity + size - 1) / size, window);
    }

    /// <summary>Primes in batch <paramref name="batch"/> of a request for <paramref name="quantity"/>.</summary>
    public int CountOf(int batch, int quantity) => Math.Min(BatchSize, quantity - batch * BatchSize);

    /// <summary>Whether a request is small enough for the express queue, where it never waits behind a big one.</summary>
    public static bool IsExpress(int quantity, int digits) => quantity * PrimeCost.ReferenceSeconds(digits) < ExpressSeconds;

    /// <summary>
    /// How many searchers race for each batch. Searches for a random prime have no memory, so N independent ones find one prime N times sooner. That
    /// pays if a prime is expensive and the batches alone do not fill the window.
    /// </summary>
    /// <param name="digits">Decimal digits of a prime.</param>
    /// <param name="raceAbove">The reference cost above which racing for a prime is worth the duplicate work.</param>
    public int RacersPerBatch(int digits, TimeSpan raceAbove) =>
        BatchCount < Window && PrimeCost.ReferenceSeconds(digits) > raceAbove.TotalSeconds ? Window / BatchCount : 1;
}
