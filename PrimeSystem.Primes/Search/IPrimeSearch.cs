using System.Numerics;

namespace PrimeSystem.Primes.Search;

/// <summary>A search on one thread for a given number of primes, advanced in small steps.</summary>
internal interface IPrimeSearch : IDisposable
{
    /// <summary>Whether there are primes left to find.</summary>
    bool IsActive { get; }

    /// <summary>Candidates tested so far.</summary>
    long Tested { get; }

    /// <summary>Removes a prime that was found.</summary>
    bool TryTake(out BigInteger prime);

    /// <summary>Tests one group of candidates and confirms those that pass.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    void Advance(CancellationToken cancellationToken);
}
