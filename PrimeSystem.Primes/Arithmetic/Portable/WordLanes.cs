using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static PrimeSystem.Primes.Arithmetic.WordArithmetic;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>
/// The fallback: one lane of 64-bit words, for processors without a fused multiply-add and for numbers too long for other lanes.
/// </summary>
/// <remarks>
/// Row and reduction are fused into one pass with two carry chains that do not wait for each other (the FIOS method of Koç, Acar and Kaliski 1996).
/// With R ≥ 16m and operands below 4m every partial result stays below 2^(64·n), so the two carries at the end of a row add without overflow. Carries
/// are computed, never branched on: they are random, and a mispredicted branch costs more than the multiplication.
/// </remarks>
internal sealed unsafe class WordLanes : MontgomeryLanes
{
    private readonly LaneMemory _memory;
    private readonly ulong* _m, _scratch, _registers;
    private ulong _negativeInverse;

    public WordLanes(int bits, int registers)
        : base(bits, 64, 1)
    {
        _memory = new LaneMemory((2L + registers) * Limbs * sizeof(ulong));
        _m = (ulong*)_memory.Start;
        _scratch = _m + Limbs;
        _registers = _scratch + Limbs;
    }

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        Write(_m, modulus);
        _negativeInverse = NaturalNumber.NegativeInverse(modulus[0]);
    }

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number) => Write(Number(register), number);

    public override void Get(int register, int lane, Span<ulong> number)
    {
        number.Clear();
        new ReadOnlySpan<ulong>(Number(register), Math.Min(Limbs, number.Length)).CopyTo(number);
    }

    public override ulong Equal(int a, int b) =>
        new ReadOnlySpan<ulong>(Number(a), Limbs).SequenceEqual(new ReadOnlySpan<ulong>(Number(b), Limbs)) ? 1UL : 0;

    public override void Square(int result, int a) => Multiply(result, a, a);

    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        Multiply(result, a, a);
        if (((exponents[0] >> bit) & 1) == 0)
            return;
        ulong* r = Number(result);
        ulong carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            ulong word = r[i];
            r[i] = (word << 1) | carry;
            carry = word >> 63;
        }
    }

    public override void Multiply(int result, int a, int b)
    {
        MultiplyInto(_scratch, Number(a), Number(b), _m, _negativeInverse, Limbs);
        Buffer.MemoryCopy(_scratch, Number(result), Limbs * sizeof(ulong), Limbs * sizeof(ulong));
    }

    public override void Copy(int result, int a) =>
        Buffer.MemoryCopy(Number(a), Number(result), Limbs * sizeof(ulong), Limbs * sizeof(ulong));

    public override void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyInto(ulong* t, ulong* a, ulong* b, ulong* m, ulong negativeInverse, int n)
    {
        NativeMemory.Clear(t, (nuint)n * sizeof(ulong));
        for (int i = 0; i < n; i++)
        {
            ulong digit = b[i], sum = t[0], rowCarry = MultiplyAdd(ref sum, a[0], digit, 0);
            ulong q = sum * negativeInverse, reductionCarry = MultiplyAdd(ref sum, q, m[0], 0);
            for (int j = 1; j < n; j++)
            {
                sum = t[j];
                rowCarry = MultiplyAdd(ref sum, a[j], digit, rowCarry);
                reductionCarry = MultiplyAdd(ref sum, q, m[j], reductionCarry);
                t[j - 1] = sum;
            }
            t[n - 1] = rowCarry + reductionCarry;
        }
    }

    private ulong* Number(int register) => _registers + (long)register * Limbs;

    private void Write(ulong* number, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < Limbs; i++)
            number[i] = i < words.Length ? words[i] : 0;
    }
}
