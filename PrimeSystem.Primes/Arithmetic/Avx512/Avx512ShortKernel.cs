using System.Runtime.CompilerServices;
using static PrimeSystem.Primes.Arithmetic.Avx512.Radix52;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx512;

/// <summary>
/// Montgomery multiplication and squaring of two to ten limbs, eight lanes: product scanning in straight-line code, one vector of numbers after another.
/// The methods are generated (<see cref="StraightLineAttribute"/>).
/// </summary>
/// <remarks>
/// <para>Why it is fast: the quotient digits stay in registers, nothing but the result is stored, and while one vector waits for the chain of its digits the
/// processor takes up the next. Above ten limbs the digits of a product do not fit the 32 registers, and <see cref="Avx512Kernel"/> is faster.</para>
/// <para>Bounds: columns have weight 2n ≤ 20 (<see cref="Radix52"/>), and |L| ≤ 20·2⁵⁷ + 2⁵⁸ leaves room for a doubling, which shifts the finished column:
/// 2·22·2⁵⁷ &lt; 2⁶³. For operands below 4m and R ≥ 16m the result is at most 16m²/R + m ≤ 2m, and twice that below 4m: the top limb needs no mask.</para>
/// <para>A number is n vectors. A modulus is n limbs as integers and n as doubles, then −1/m mod 2⁵², <see cref="QuotientFactor"/> and
/// <see cref="QuotientOffset"/>.</para>
/// </remarks>
[StraightLine(Kernel.Avx512, MinLimbs, MaxLimbs)]
internal static unsafe partial class Avx512ShortKernel
{
    public const int MinLimbs = 2;
    public const int MaxLimbs = 10;

    /// <summary>The method that squares numbers of so many limbs, or null: (result, a, m, step to the next modulus, vectors). In place is allowed.</summary>
    public static partial delegate*<Words*, Words*, Words*, int, int, void> Squaring(int limbs);

    /// <summary>The method that squares and doubles, or null: (result, a, 0 or 1 per lane, m, step to the next modulus, vectors). In place is allowed.</summary>
    public static partial delegate*<Words*, Words*, Words*, Words*, int, int, void> DoublingSquaring(int limbs);

    /// <summary>The method that multiplies, or null: (result, a, b, m, step to the next modulus, vectors). In place is allowed.</summary>
    public static partial delegate*<Words*, Words*, Words*, Words*, int, int, void> Multiplication(int limbs);

    /// <summary>
    /// result = factor · a² / R mod m for numbers of two limbs, with a factor up to 64 per lane. For m &lt; R/2²⁰ and a &lt; 128m the square leaves
    /// 128²m²/R + m &lt; 2m, hence result &lt; 128m again. The limbs are scaled after they are normalised, so no column exceeds 58 bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SquareScale(Words* result, Words* a, Words* m, Words* factors, int modulusStep, int vectors)
    {
        Square2(result, a, m, modulusStep, vectors);
        for (Words* end = result + 2 * vectors; result < end; result += 2, factors++)
        {
            Words low = MultiplyLow(result[0], *factors);
            result[0] = low & LimbMask;
            result[1] = MultiplyLow(result[1], *factors) + (low >>> LimbBits);
        }
    }
}
