using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Multiplication modulo m &lt; 2⁴⁸ in doubles, eight moduli at once: the exact product as a pair from a fused multiply-add (Dekker 1971), the
/// quotient by the precomputed inverse, rounded. Without Montgomery form: six floating-point operations.
/// </summary>
/// <remarks>
/// Bounds. Residues are signed. For |x·y| ≤ 2.25·m² the quotient x·y/m is below 2.25·2⁴⁸, and the three roundings behind its estimate err by at most
/// 3·2⁻⁵³·2.25·2⁴⁸ &lt; 0.22; so |r| ≤ 0.72·m, and doubled ≤ 1.44·m, whose square is below 2.25·m² again. All differences are integers below 2⁵³, hence
/// exact.
/// </remarks>
internal static class DoubleModulus
{
    public const int MaxBits = 48;

    /// <summary>1.5·2⁵²: adding and subtracting it rounds a double below 2⁵¹ in size to the nearest integer.</summary>
    private const double Rounder = 6755399441055744.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles Multiply(Doubles x, Doubles y, Doubles m, Doubles inverse)
    {
        Doubles high = x * y, low = Vector512.FusedMultiplyAdd(x, y, -high);
        return Vector512.FusedMultiplyAdd(-Round(high * inverse), m, high) + low;
    }

    /// <summary>x mod m for an integer |x| &lt; 2⁵³, between about −m/2 and m/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles Reduce(Doubles x, Doubles m, Doubles inverse) =>
        Vector512.FusedMultiplyAdd(-Round(x * inverse), m, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles Round(Doubles x) => (x + Vector512.Create(Rounder)) - Vector512.Create(Rounder);
}
