using PrimeSystem.Primes;

namespace PrimeSystem.Requests;

/// <summary>
/// How a request is split into batches, the unit that a worker takes, computes and commits. It is planned once, stored with the request and never
/// computed again, so that a new release or another configuration cannot split a running request differently.
/// </summary>
/// <param name="BatchSize">Primes in every batch but the last.</param>
/// <param name="BatchCount">Number of batches; they are numbered from 0.</param>
/// <param name="Window">How many batches of the request are in the queue at a time.</param>
public sealed record BatchPlan(int BatchSize, int BatchCount, int Window)
{
    /// <summary>Work in a batch by the reference cost: long against a round trip, short against a person's patience.</summary>
    public const double BatchSeconds = 0.25;

    /// <summary>A transaction of more rows than this holds its locks for too long.</summary>
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

    /// <summary>Whether a request is small enough for the express queue, where it waits behind no big one.</summary>
    public static bool IsExpress(int quantity, int digits) => quantity * PrimeCost.ReferenceSeconds(digits) < ExpressSeconds;

    /// <summary>
    /// How many searchers race for each batch. Searches for a random prime have no memory, so N independent ones find one prime N times sooner; that
    /// pays when a prime takes long and the batches alone would not fill the window.
    /// </summary>
    /// <param name="digits">Decimal digits of a prime.</param>
    /// <param name="raceAbove">The reference cost of a prime from which on racing is worth its duplicates.</param>
    public int RacersPerBatch(int digits, TimeSpan raceAbove) =>
        BatchCount < Window && PrimeCost.ReferenceSeconds(digits) > raceAbove.TotalSeconds ? Window / BatchCount : 1;
}
