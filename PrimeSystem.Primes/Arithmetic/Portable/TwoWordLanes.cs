using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>Lanes of numbers below 2¹²⁷ in two 64-bit words, processed one after another without vectors, on any processor.</summary>
/// <remarks>
/// Why it is fast: two words replace three limbs of 52 bits, and at this size finding carries by comparison costs less than converting limbs to doubles
/// (<see cref="ScalarColumn"/>). While the processor waits for the quotient digits of one lane, it begins the next. There is no room between the modulus
/// and R, so numbers are always reduced completely.
/// </remarks>
internal sealed unsafe class TwoWordLanes : MontgomeryLanes
{
    private const int Words = TwoWords.Count;

    /// <summary>From one lane's modulus to the next: its words and 1/m mod 2⁶⁴; 0 if there is one for all.</summary>
    private readonly int _modulusStep;
    private readonly LaneMemory _memory;
    private readonly ulong* _moduli, _registers;

    public TwoWordLanes(int lanes, int registers, bool isShared)
        : base(Words * 64 - Slack, 64, lanes)
    {
        _modulusStep = isShared ? 0 : Words + 1;
        int moduli = isShared ? 1 : lanes;
        _memory = new LaneMemory((moduli * (Words + 1) + (long)registers * lanes * Words) * sizeof(ulong));
        _moduli = (ulong*)_memory.Start;
        _registers = _moduli + moduli * (Words + 1);
    }

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        ulong* m = Modulus(lane);
        for (int i = 0; i < Words; i++)
            m[i] = i < modulus.Length ? modulus[i] : 0;
        m[Words] = 0 - NaturalNumber.NegativeInverse(modulus[0]);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        for (int lane = 0; lane < (_modulusStep == 0 ? 1 : Lanes); lane++)
            SetModulus(lane, modulus);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Set(int register, int lane, ReadOnlySpan<ulong> number)
    {
        ulong* m = Modulus(lane);
        // Below 4m, which may take a word more.
        Span<ulong> value = stackalloc ulong[Words + 1];
        number[..Math.Min(number.Length, value.Length)].CopyTo(value);
        if (m[0] != 0)
            Reduce(value, new ReadOnlySpan<ulong>(m, Words));
        value[..Words].CopyTo(new Span<ulong>(Number(register, lane), Words));
        value.Clear();
    }

    public override void Get(int register, int lane, Span<ulong> number)
    {
        number.Clear();
        new ReadOnlySpan<ulong>(Number(register, lane), Math.Min(Words, number.Length)).CopyTo(number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong Equal(int a, int b)
    {
        ulong* x = Number(a, 0), y = Number(b, 0);
        ulong equal = 0;
        for (int lane = 0; lane < Lanes; lane++, x += Words, y += Words)
            equal |= (((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0 ? 1UL : 0) << lane;
        return equal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Square(int result, int a)
    {
        ulong* r = Number(result, 0), x = Number(a, 0), m = _moduli;
        int step = _modulusStep;
        for (ulong* end = r + Lanes * Words; r < end; r += Words, x += Words, m += step)
            TwoWords.Square(r, x, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        ulong* r = Number(result, 0), x = Number(a, 0), m = _moduli;
        int step = _modulusStep;
        for (int lane = 0; lane < Lanes; lane++, r += Words, x += Words, m += step)
            TwoWords.SquareDouble(r, x, 0 - ((exponents[lane] >> bit) & 1), m);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareScale(int result, int a, ReadOnlySpan<ulong> exponents, int bit, int factor)
    {
        Debug.Assert(factor <= 64);
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong* r = Number(result, lane);
            TwoWords.Square(r, Number(a, lane), Modulus(lane));
            // Not reduced here but by the next square: the moduli leave room for the factor.
            ulong scale = 1 + (((ulong)factor - 1) & (0 - ((exponents[lane] >> bit) & 1)));
            (r[0], r[1]) = (r[0] * scale, r[1] * scale + WordArithmetic.High(r[0], scale));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        ulong* r = Number(result, 0), x = Number(a, 0), y = Number(b, 0), m = _moduli;
        int step = _modulusStep;
        for (ulong* end = r + Lanes * Words; r < end; r += Words, x += Words, y += Words, m += step)
            TwoWords.Multiply(r, x, y, m);
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)Lanes * Words * sizeof(ulong);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    private static void Reduce(Span<ulong> value, ReadOnlySpan<ulong> m)
    {
        if (value[Words] == 0)
        {
            // A power of two that a ladder starts from may be far above.
            UInt128 modulus = new(m[1], m[0]), rest = new(value[1], value[0]);
            if (rest >= modulus)
                rest %= modulus;
            (value[0], value[1]) = ((ulong)rest, (ulong)(rest >> 64));
            return;
        }
        while (value[Words] != 0 || !NaturalNumber.IsLess(value[..Words], m))
        {
            ulong borrow = 0;
            for (int i = 0; i < Words; i++)
                borrow = WordArithmetic.Subtract(ref value[i], m[i], borrow);
            value[Words] -= borrow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Number(int register, int lane) => _registers + (register * Lanes + lane) * Words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Modulus(int lane) => _moduli + lane * _modulusStep;
}
