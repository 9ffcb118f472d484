using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>Which of two lanes double their square: shifts for the low halves and factors for the high halves (<see cref="ScalarColumn"/>).</summary>
internal readonly struct Doubling
{
    /// <summary>0, or 1 to double, of the first lane and 32 bits higher of the second: a field less, and the compiler keeps all in registers.</summary>
    private readonly ulong _shifts;

    /// <summary>The factor 2^shift, for products that a square has once.</summary>
    public readonly Doubles Once;

    /// <summary>The factor 2·2^shift, for what a square has twice, and what an accumulator times that is too large by.</summary>
    public readonly Doubles Twice, MinusOffset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Doubling(int shift0, int shift1)
    {
        _shifts = (uint)shift0 | (ulong)shift1 << 32;
        Once = Vector128.Create((double)(1 << shift0), 1 << shift1);
        Twice = Once + Once;
        MinusOffset = ScalarColumn.Offset - ScalarColumn.Offset * Twice;
    }

    public readonly int Shift0
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)_shifts;
    }

    public readonly int Shift1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(_shifts >> 32);
    }
}
