namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The implementations of <see cref="MontgomeryLanes"/>.</summary>
internal enum Kernel
{
    /// <summary>64-bit words, one lane, any processor: <see cref="ScalarLanes"/>.</summary>
    Scalar,

    /// <summary>AVX2 with fused multiply-adds, four lanes: <see cref="Avx2Lanes"/>.</summary>
    Avx2,

    /// <summary>AVX-512 with <c>vpmullq</c> and fused multiply-adds, eight lanes: <see cref="HybridLanes"/>.</summary>
    Avx512,
}
