namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>A word of each of two lanes.</summary>
internal struct WordPair
{
    public ulong First, Second;
}
