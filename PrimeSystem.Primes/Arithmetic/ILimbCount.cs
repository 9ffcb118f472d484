namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The number of limbs as a constant for the compiler: it compiles a generic method anew for each such type argument and folds what depends on the number.</summary>
internal interface ILimbCount
{
    static abstract int Value { get; }
}
