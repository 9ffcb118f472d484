using System.Runtime.CompilerServices;
using Doubles = System.Runtime.Intrinsics.Vector128<double>;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>One limb of two lanes in the two forms that products need: as integers, and as doubles times 2¹⁰ (see <see cref="ScalarColumn"/>).</summary>
internal struct LimbPair
{
    public ulong First;
    public ulong Second;
    public Doubles Reals;

    /// <summary>Sets both lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(ulong first, ulong second)
    {
        First = first;
        Second = second;
        Reals = ScalarColumn.ToReals(first, second);
    }

    /// <summary>Sets lane 0 or 1.</summary>
    public void SetLane(int lane, ulong limb)
    {
        if (lane == 0)
            Set(limb, Second);
        else
            Set(First, limb);
    }

    public readonly ulong Lane(int lane) => lane == 0 ? First : Second;
}
