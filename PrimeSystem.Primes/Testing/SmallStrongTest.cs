using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PrimeSystem.Primes.Arithmetic;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Testing;

/// <summary>
/// The strong test of 32 numbers below 2⁴⁸ at once to a small prime base. With the bases up to ψ's it is a proof: no composite below ψₖ is a
/// strong pseudoprime to the first k primes (Pomerance, Selfridge, Wagstaff 1980; Jaeschke, "On strong pseudoprimes to several bases", 1993).
/// </summary>
/// <remarks>
/// Why it is fast: <see cref="DoubleModulus"/> needs no preparation but 1/m; left to right, a set bit of the exponent is a multiplication by the
/// base, a few bits long; four vectors hide the latency. Lanes whose exponent is shorter begin with leading zero bits, which leave 1 as it is.
/// </remarks>
internal static unsafe class SmallStrongTest
{
    /// <summary>Numbers per call.</summary>
    public const int Lanes = 32;

    /// <summary>ψ₅ and ψ₇: below them the first five and seven primes are enough (Jaeschke 1993).</summary>
    private const ulong Psi5 = 2_152_302_898_747, Psi7 = 341_550_071_728_321;

    /// <summary>The bases beyond 2 that make the strong test exact below <paramref name="limit"/> ≤ 2⁴⁸ &lt; ψ₇.</summary>
    public static ReadOnlySpan<byte> BasesBelow(ulong limit) => limit <= Psi5 ? [3, 5, 7, 11] : limit <= Psi7 ? [3, 5, 7, 11, 13, 17] : [];

    /// <summary>Bit i of the answer is set when numbers[i] is a strong probable prime to the base.</summary>
    /// <param name="numbers">32 odd numbers, 3 ≤ n &lt; 2⁴⁸, none of them a multiple of the base.</param>
    /// <param name="witness">The base, a prime up to 17.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Test(ReadOnlySpan<ulong> numbers, int witness)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers.Length, Lanes);
        ulong* exponents = stackalloc ulong[Lanes];
        int longest = 0, twos = 0;
        for (int i = 0; i < Lanes; i++)
        {
            int zeros = BitOperations.TrailingZeroCount(numbers[i] - 1);
            exponents[i] = (numbers[i] - 1) >> zeros;
            longest = Math.Max(longest, 64 - BitOperations.LeadingZeroCount(exponents[i]));
            twos = Math.Max(twos, zeros);
        }
        fixed (ulong* n = numbers)
        {
            Words* nv = (Words*)n, e = (Words*)exponents;
            Doubles one = Vector512.Create(1.0), factor = Vector512.Create((double)witness);
            Doubles m0 = Vector512.ConvertToDouble(nv[0]), m1 = Vector512.ConvertToDouble(nv[1]);
            Doubles m2 = Vector512.ConvertToDouble(nv[2]), m3 = Vector512.ConvertToDouble(nv[3]);
            Doubles i0 = one / m0, i1 = one / m1, i2 = one / m2, i3 = one / m3;
            Doubles x0 = one, x1 = one, x2 = one, x3 = one;
            for (int bit = longest - 1; bit >= 0; bit--)
            {
                Words mask = Vector512.Create(1UL << bit);
                Doubles f0 = Factor(e[0], mask, factor, one), f1 = Factor(e[1], mask, factor, one);
                Doubles f2 = Factor(e[2], mask, factor, one), f3 = Factor(e[3], mask, factor, one);
                x0 = DoubleModulus.Multiply(x0, x0, m0, i0);
                x1 = DoubleModulus.Multiply(x1, x1, m1, i1);
                x2 = DoubleModulus.Multiply(x2, x2, m2, i2);
                x3 = DoubleModulus.Multiply(x3, x3, m3, i3);
                x0 *= f0;
                x1 *= f1;
                x2 *= f2;
                x3 *= f3;
                if (witness == 2)
                    continue;
                x0 = DoubleModulus.Reduce(x0, m0, i0);
                x1 = DoubleModulus.Reduce(x1, m1, i1);
                x2 = DoubleModulus.Reduce(x2, m2, i2);
                x3 = DoubleModulus.Reduce(x3, m3, i3);
            }
            // The residue 1 or −1, or −1 after at most (zeros − 1) squarings; a lane whose squarings are used up must not count one more.
            uint passed = Equal(x0, x1, x2, x3, m0, m1, m2, m3, 1) | Equal(x0, x1, x2, x3, m0, m1, m2, m3, -1);
            for (int i = 1; i < twos && passed != uint.MaxValue; i++)
            {
                x0 = DoubleModulus.Multiply(x0, x0, m0, i0);
                x1 = DoubleModulus.Multiply(x1, x1, m1, i1);
                x2 = DoubleModulus.Multiply(x2, x2, m2, i2);
                x3 = DoubleModulus.Multiply(x3, x3, m3, i3);
                uint minusOne = Equal(x0, x1, x2, x3, m0, m1, m2, m3, -1) & ~passed;
                for (; minusOne != 0; minusOne &= minusOne - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(minusOne);
                    if (i < BitOperations.TrailingZeroCount(numbers[lane] - 1))
                        passed |= 1U << lane;
                }
            }
            return passed;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles Factor(Words exponent, Words mask, Doubles factor, Doubles one) =>
        Vector512.ConditionalSelect(Vector512.Equals(exponent & mask, Words.Zero).AsDouble(), one, factor);

    /// <summary>Which lanes are congruent to c = ±1: residues lie between −1.5m and 1.5m, so c, c − m and c + m are looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Equal(Doubles x0, Doubles x1, Doubles x2, Doubles x3, Doubles m0, Doubles m1, Doubles m2, Doubles m3, double c) =>
        Equal(x0, m0, c) | (Equal(x1, m1, c) << 8) | (Equal(x2, m2, c) << 16) | (Equal(x3, m3, c) << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Equal(Doubles x, Doubles m, double c)
    {
        Doubles target = Vector512.Create(c);
        return (uint)(Vector512.Equals(x, target) | Vector512.Equals(x, target - m) | Vector512.Equals(x, target + m))
            .ExtractMostSignificantBits();
    }
}
