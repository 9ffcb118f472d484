namespace PrimeSystem.Primes.Generator;

/// <summary>What a generated method computes; the methods are named after it.</summary>
internal enum Operation
{
    /// <summary>a² / R.</summary>
    Square,

    /// <summary>a² / R, doubled in the lanes that ask for it.</summary>
    SquareDouble,

    /// <summary>a · b / R.</summary>
    Multiply,
}
