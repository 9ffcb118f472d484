using System.Runtime.CompilerServices;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx2;

/// <summary>What a multiplication keeps in registers: which lanes double a square, and what products are added to.</summary>
internal readonly struct Avx2Context
{
    /// <summary>1, or 2 to double: the shift of what a square has twice.</summary>
    public readonly Words Shift;

    /// <summary>The same as a factor of what a square has once.</summary>
    public readonly Doubles Once;

    public readonly Doubles HighOffset, LowOffset;

    /// <param name="doubling">0, or 1 to double.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Avx2Context(Words doubling)
        : this(doubling + Words.One, Radix51.ToDouble(doubling + Words.One))
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Avx2Context(Words shift, Doubles once) => (Shift, Once, HighOffset, LowOffset) = (shift, once, Radix51.HighOffset, Radix51.LowOffset);
}
