using PrimeSystem.Primes.Arithmetic.Avx2;
using PrimeSystem.Primes.Arithmetic.Avx512;
using PrimeSystem.Primes.Arithmetic.Portable;

namespace PrimeSystem.Primes.Arithmetic.Selection;

/// <summary>The implementations of <see cref="MontgomeryLanes"/>.</summary>
internal enum Kernel
{
    /// <summary>No vectors of lanes: <see cref="TwoWordLanes"/>, <see cref="ScalarLanes"/>, and <see cref="WordLanes"/> where neither fits.</summary>
    Scalar,

    /// <summary>AVX2 with fused multiply-adds, four lanes: <see cref="Avx2Lanes"/>.</summary>
    Avx2,

    /// <summary>AVX-512 with <c>vpmullq</c> and fused multiply-adds, eight lanes: <see cref="Avx512Lanes"/>.</summary>
    Avx512,
}
