using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Numbers below 2¹²⁷ in two 64-bit words, one number after another, without vectors: for any processor.</summary>
/// <remarks>
/// <para>Why it is fast: two words do what takes three limbs of 52 bits, and at this size the few carries that .NET has to compare out cost less than the
/// conversions of limbs to doubles (<see cref="ScalarSmallKernel"/>). Straight-line code without a branch: what is compared is random. Several lanes,
/// though worked on in turn, let the processor begin the next number while it waits for the quotient digits of one.</para>
/// <para>There is no room between the modulus and R = 2¹²⁸: numbers are reduced completely. (a·b + q·m)/R is below 2m for a and b below m, and one
/// subtraction at most is due. With m &lt; R/2 no sum leaves its words.</para>
/// </remarks>
internal sealed unsafe class TwoWordLanes : MontgomeryLanes
{
    private const int MaxBits = 127;
    private const int Words = 2;

    /// <summary>Of a modulus its words and −1/m mod 2⁶⁴.</summary>
    private const int ModulusWords = Words + 1;

    private readonly bool _isShared;
    private readonly LaneMemory _memory;
    private readonly ulong* _moduli, _registers;

    public TwoWordLanes(int bits, int lanes, int registers, bool isShared)
        : base(Words * 64 - Slack, 64, lanes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        _isShared = isShared;
        int moduli = isShared ? 1 : lanes;
        _memory = new LaneMemory((moduli * ModulusWords + (long)registers * lanes * Words) * sizeof(ulong));
        _moduli = (ulong*)_memory.Start;
        _registers = _moduli + moduli * ModulusWords;
    }

    public static bool Fits(int bits) => bits <= MaxBits;

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        ulong* m = Modulus(lane);
        m[0] = modulus[0];
        m[1] = modulus.Length > 1 ? modulus[1] : 0;
        m[2] = NaturalNumber.NegativeInverse(modulus[0]);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        for (int lane = 0; lane < (_isShared ? 1 : Lanes); lane++)
            SetModulus(lane, modulus);
    }

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number)
    {
        ulong* r = Number(register, lane), m = Modulus(lane);
        UInt128 modulus = new(m[1], m[0]), value = new(number.Length > 1 ? number[1] : 0, number[0]);
        // Below 4m, which may take a word more; but a power of two that a ladder starts from may be far above.
        for (ulong highest = number.Length > 2 ? number[2] : 0; highest != 0; value -= modulus)
            highest -= value < modulus ? 1UL : 0;
        if (modulus != 0 && value >= modulus)
            value %= modulus;
        (r[0], r[1]) = ((ulong)value, (ulong)(value >> 64));
    }

    public override void Get(int register, int lane, Span<ulong> number)
    {
        number.Clear();
        new ReadOnlySpan<ulong>(Number(register, lane), Math.Min(Words, number.Length)).CopyTo(number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong Equal(int a, int b)
    {
        ulong equal = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong* x = Number(a, lane), y = Number(b, lane);
            equal |= (((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0 ? 1UL : 0) << lane;
        }
        return equal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Square(int result, int a)
    {
        for (int lane = 0; lane < Lanes; lane++)
            Square(Number(result, lane), Number(a, lane), Modulus(lane));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong* r = Number(result, lane), m = Modulus(lane);
            Square(r, Number(a, lane), m);
            ulong doubling = (exponents[lane] >> bit) & 1;
            Store(r, r[0] << (int)doubling, (r[1] << (int)doubling) | ((r[0] >> 63) & doubling), m);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareScale(int result, int a, ReadOnlySpan<ulong> exponents, int bit, int factor)
    {
        Debug.Assert(factor <= 64);
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong* r = Number(result, lane);
            Square(r, Number(a, lane), Modulus(lane));
            // Not reduced here but by the next square: the moduli leave room for the factor.
            ulong scale = 1 + (((ulong)factor - 1) & (0 - ((exponents[lane] >> bit) & 1)));
            ulong high = High(r[0], scale, out ulong low);
            (r[0], r[1]) = (low, r[1] * scale + high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        for (int lane = 0; lane < Lanes; lane++)
            Multiply(Number(result, lane), Number(a, lane), Number(b, lane), Modulus(lane));
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)Lanes * Words * sizeof(ulong);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(ulong* result, ulong* a, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1];
        ulong p1 = High(a0, a0, out ulong p0), high = High(a0, a1, out ulong low), p3 = High(a1, a1, out ulong p2);
        // Below 2¹²⁷ as the numbers are, so the double keeps to two words.
        high = (high << 1) | (low >> 63);
        Reduce(result, p0, p1, p2, p3, low << 1, high, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(ulong* result, ulong* a, ulong* b, ulong* m)
    {
        ulong a0 = a[0], a1 = a[1], b0 = b[0], b1 = b[1];
        ulong p1 = High(a0, b0, out ulong p0), p3 = High(a1, b1, out ulong p2);
        ulong high = High(a0, b1, out ulong low), otherHigh = High(a1, b0, out ulong otherLow);
        // Each below 2¹²⁷, so the sum keeps to two words.
        low += otherLow;
        high += otherHigh + Carry(low, otherLow);
        Reduce(result, p0, p1, p2, p3, low, high, m);
    }

    /// <summary>Montgomery's reduction of four words and what is to be added to the middle two: a quotient digit for each of the lower ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(ulong* result, ulong p0, ulong p1, ulong p2, ulong p3, ulong middleLow, ulong middleHigh, ulong* m)
    {
        ulong m0 = m[0], m1 = m[1], negativeInverse = m[2];
        p1 += middleLow;
        // At most 2·(2⁶⁴ − 1)·(2⁶³ − 1) is added: its high word has room for a carry.
        middleHigh += Carry(p1, middleLow);
        p2 += middleHigh;
        p3 += Carry(p2, middleHigh);
        ulong carry = ReduceRow(p0, ref p1, m0, m1, negativeInverse);
        p2 += carry;
        p3 += Carry(p2, carry);
        p3 += ReduceRow(p1, ref p2, m0, m1, negativeInverse);
        Store(result, p2, p3, m);
    }

    /// <summary>Adds q·m, which makes the lowest word zero. Returns what goes into the word after the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReduceRow(ulong lowest, ref ulong next, ulong m0, ulong m1, ulong negativeInverse)
    {
        ulong q = lowest * negativeInverse;
        // The low words cancel, which carries 1 unless both are zero. A high word is at most 2⁶⁴ − 2.
        ulong carry = Math.BigMul(q, m0, out _) + (lowest != 0 ? 1UL : 0);
        ulong high = High(q, m1, out ulong low);
        low += carry;
        high += Carry(low, carry);
        next += low;
        return high + Carry(next, low);
    }

    /// <summary>Writes a number below 2m, reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ulong* result, ulong low, ulong high, ulong* m)
    {
        ulong lowRest = low - m[0], highRest = high - m[1] - (low < m[0] ? 1UL : 0);
        // The difference is below 2¹²⁷ in size: the highest bit is its sign.
        ulong isBelow = (ulong)((long)highRest >> 63);
        result[0] = lowRest ^ ((lowRest ^ low) & isBelow);
        result[1] = highRest ^ ((highRest ^ high) & isBelow);
    }

    /// <summary>Both words of a product. The lower by a multiplication of its own: that of the higher leaves it in memory, where the next step would wait for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong High(ulong a, ulong b, out ulong low)
    {
        low = a * b;
        return Math.BigMul(a, b, out _);
    }

    /// <summary>The carry of a sum, which one of its addends shows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Carry(ulong sum, ulong addend) => sum < addend ? 1UL : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Number(int register, int lane) => _registers + (register * Lanes + lane) * Words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Modulus(int lane) => _moduli + (_isShared ? 0 : lane) * ModulusWords;
}
