namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The implementations of <see cref="MontgomeryLanes"/>.</summary>
internal enum Kernel
{
    /// <summary>No vectors of lanes: <c>TwoWordLanes</c>, <c>ScalarLanes</c>, and <c>WordLanes</c> where neither fits.</summary>
    Scalar,

    /// <summary>AVX2 with fused multiply-adds, four lanes: <c>Avx2Lanes</c>.</summary>
    Avx2,

    /// <summary>AVX-512 with <c>vpmullq</c> and fused multiply-adds, eight lanes: <c>Avx512Lanes</c>.</summary>
    Avx512,
}
