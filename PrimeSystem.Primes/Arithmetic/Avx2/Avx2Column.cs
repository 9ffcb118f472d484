using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static PrimeSystem.Primes.Arithmetic.Avx2.Radix51;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx2;

/// <summary>One column of a product in radix 2⁵¹ for four lanes (<see cref="Radix51"/>): its low halves, and the high halves that go into the next column.</summary>
/// <remarks>Bounds: as in <see cref="Avx2Kernel"/>.</remarks>
internal unsafe struct Avx2Column : IColumn<Avx2Column, Doubles, Words, Avx2Context>
{
    private Words _low, _high;

    public static int MaxLimbs => 12;

    public static Avx2Column Empty
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    public static Avx2Context Plain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Words.One, Vector256.Create(1.0));
    }

    /// <summary>A modulus is n limbs, <see cref="SetQuotientConstants"/>, and what digits are folded with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FoldAt(int n) => n + QuotientConstants;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles* limb, Words carry) => *limb = ToDouble(carry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sum(Doubles* x, Doubles* y, int count, ref Avx2Context context)
    {
        Doubles h;
        if (count > 0)
        {
            h = Fma.MultiplyAdd(x[0], y[0], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[0], y[0], context.LowOffset - h).AsUInt64();
        }
        if (count > 1)
        {
            h = Fma.MultiplyAdd(x[1], y[-1], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[1], y[-1], context.LowOffset - h).AsUInt64();
        }
        if (count > 2)
        {
            h = Fma.MultiplyAdd(x[2], y[-2], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[2], y[-2], context.LowOffset - h).AsUInt64();
        }
        if (count > 3)
        {
            h = Fma.MultiplyAdd(x[3], y[-3], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[3], y[-3], context.LowOffset - h).AsUInt64();
        }
        if (count > 4)
        {
            h = Fma.MultiplyAdd(x[4], y[-4], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[4], y[-4], context.LowOffset - h).AsUInt64();
        }
        if (count > 5)
        {
            h = Fma.MultiplyAdd(x[5], y[-5], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[5], y[-5], context.LowOffset - h).AsUInt64();
        }
        if (count > 6)
        {
            h = Fma.MultiplyAdd(x[6], y[-6], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[6], y[-6], context.LowOffset - h).AsUInt64();
        }
        if (count > 7)
        {
            h = Fma.MultiplyAdd(x[7], y[-7], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[7], y[-7], context.LowOffset - h).AsUInt64();
        }
        if (count > 8)
        {
            h = Fma.MultiplyAdd(x[8], y[-8], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[8], y[-8], context.LowOffset - h).AsUInt64();
        }
        if (count > 9)
        {
            h = Fma.MultiplyAdd(x[9], y[-9], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[9], y[-9], context.LowOffset - h).AsUInt64();
        }
        if (count > 10)
        {
            h = Fma.MultiplyAdd(x[10], y[-10], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[10], y[-10], context.LowOffset - h).AsUInt64();
        }
        if (count > 11)
        {
            h = Fma.MultiplyAdd(x[11], y[-11], context.HighOffset);
            _high += h.AsUInt64();
            _low += Fma.MultiplyAdd(x[11], y[-11], context.LowOffset - h).AsUInt64();
        }
        _low -= Vector256.Create((ulong)count * LowBias);
        _high -= Vector256.Create((ulong)count * HighBias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Double(ref Avx2Context context)
    {
        _low = ShiftLeft(_low, context.Shift);
        _high = ShiftLeft(_high, context.Shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddSquare(Doubles* x, ref Avx2Context context) => MultiplyAdd(ref _low, ref _high, *x, *x * context.Once, context.HighOffset, context.LowOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Quotient(Doubles* digit, Doubles* m, int n, ref Words carry)
    {
        carry = _high + Radix51.Quotient(_low + carry, *m, m + n, out Doubles q);
        *digit = q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End(Doubles* limb, ref Words carry)
    {
        _low += carry;
        *limb = ToDouble(_low & LimbMask);
        carry = _high + Carry(_low);
    }
}
