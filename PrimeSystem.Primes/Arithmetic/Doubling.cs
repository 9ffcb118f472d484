using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>What doubles the square of a lane that wants it: shifts of its low halves, factors of its high halves (<see cref="ScalarColumn"/>).</summary>
internal readonly struct Doubling
{
    /// <summary>0, or 1 to double.</summary>
    public readonly int Shift0, Shift1;

    /// <summary>The factor 2^shift, for products that a square has once.</summary>
    public readonly Doubles Once;

    /// <summary>The factor 2·2^shift, for what a square has twice, and what an accumulator times that is too large by.</summary>
    public readonly Doubles Twice, MinusOffset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Doubling(int shift0, int shift1)
    {
        (Shift0, Shift1) = (shift0, shift1);
        Once = Vector128.Create((double)(1 << shift0), 1 << shift1);
        Twice = Once + Once;
        MinusOffset = ScalarColumn.Offset - ScalarColumn.Offset * Twice;
    }

    /// <summary>Doubles what a column has of the products that a square has twice, and once more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfPairs(ref ulong low0, ref ulong low1, ref Doubles high)
    {
        low0 <<= Shift0 + 1;
        low1 <<= Shift1 + 1;
        high = Vector128.FusedMultiplyAdd(high, Twice, MinusOffset);
    }

    /// <summary>Adds the square of a limb.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void AddSquare(LimbPair* limb, ref ulong low0, ref ulong low1, ref Doubles high)
    {
        low0 += (limb->First * limb->First) << Shift0;
        low1 += (limb->Second * limb->Second) << Shift1;
        high = Vector128.FusedMultiplyAdd(limb->Reals, limb->Reals * Once, high);
    }
}
