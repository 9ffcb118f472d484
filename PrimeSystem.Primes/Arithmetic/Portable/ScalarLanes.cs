using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PrimeSystem.Primes.Arithmetic.Portable;

/// <summary>
/// The kernel for any processor with a fused multiply-add (x86-64 since 2013, every Arm64): two lanes at a time in radix 2⁵², low halves of products from the
/// integer multiplier, high halves from the floating-point one (<see cref="ScalarColumn"/>).
/// </summary>
internal sealed unsafe class ScalarLanes : MontgomeryLanes
{
    private const int LanesPerPair = 2;

    /// <summary>A number's limbs, and a zero that <see cref="ScalarKernel"/> reads.</summary>
    private readonly int _size;
    private readonly int _pairs, _modulusStep;
    private readonly LaneMemory _memory;
    private readonly LimbPair* _m, _quotient, _registers;
    private readonly Doubling* _noDoubling, _doubling;
    private readonly delegate*<LimbPair*, LimbPair*, LimbPair*, int, int, void> _square;
    private readonly delegate*<LimbPair*, LimbPair*, Doubling*, LimbPair*, int, int, void> _squareDouble;
    private readonly delegate*<LimbPair*, LimbPair*, LimbPair*, LimbPair*, int, int, void> _multiply;

    public ScalarLanes(int bits, int pairs, int registers, bool isShared)
        : base(PaddedBits(bits), ScalarColumn.LimbBits, LanesPerPair * pairs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, ScalarKernel.MaxLimbs);
        _size = Limbs + 1;
        _pairs = pairs;
        int moduli = isShared ? 1 : pairs, modulusSize = 2 * Limbs + 2;
        _modulusStep = isShared ? 0 : modulusSize;
        _memory = new LaneMemory((moduli * modulusSize + (1L + (long)registers * pairs) * _size) * sizeof(LimbPair) + 2L * pairs * sizeof(Doubling));
        _m = (LimbPair*)_memory.Start;
        _quotient = _m + moduli * modulusSize;
        _registers = _quotient + _size;
        _noDoubling = (Doubling*)(_registers + (long)registers * pairs * _size);
        _doubling = _noDoubling + pairs;
        new Span<Doubling>(_noDoubling, pairs).Fill(new Doubling(0, 0));
        _square = ScalarShortKernel.Squaring(Limbs);
        _squareDouble = ScalarShortKernel.DoublingSquaring(Limbs);
        _multiply = ScalarShortKernel.Multiplication(Limbs);
    }

    /// <summary>Without hardware support a fused multiply-add is a slow function.</summary>
    public static bool IsSupported => Fma.IsSupported || AdvSimd.Arm64.IsSupported;

    public static bool Fits(int bits) => LimbCount(PaddedBits(bits), ScalarColumn.LimbBits) <= ScalarKernel.MaxLimbs;

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        if (_modulusStep == 0)
            SetModuli(0, LanesPerPair, modulus);
        else
            SetModuli(lane, 1, modulus);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus) => SetModuli(0, _modulusStep == 0 ? LanesPerPair : Lanes, modulus);

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number) =>
        Write(Number(register, lane / LanesPerPair), lane % LanesPerPair, number);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Get(int register, int lane, Span<ulong> number)
    {
        number.Clear();
        LimbPair* limbs = Number(register, lane / LanesPerPair);
        for (int i = 0; i < Limbs; i++)
            NaturalNumber.PutLimb(number, i, ScalarColumn.LimbBits, limbs[i].Lane(lane % LanesPerPair));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong Equal(int a, int b)
    {
        ulong equal = 0;
        for (int pair = 0; pair < _pairs; pair++)
        {
            LimbPair* x = Number(a, pair), y = Number(b, pair);
            ulong difference0 = 0, difference1 = 0;
            for (int i = 0; i < Limbs; i++)
            {
                difference0 |= x[i].First ^ y[i].First;
                difference1 |= x[i].Second ^ y[i].Second;
            }
            equal |= ((difference0 == 0 ? 1UL : 0) | (difference1 == 0 ? 2UL : 0)) << (LanesPerPair * pair);
        }
        return equal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Square(int result, int a)
    {
        if (_square is not null)
            _square(Number(result, 0), Number(a, 0), _m, _modulusStep, _pairs);
        else
            SquareLong(result, a, _noDoubling);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        for (int pair = 0; pair < _pairs; pair++)
            _doubling[pair] = new Doubling((int)(exponents[LanesPerPair * pair] >> bit) & 1, (int)(exponents[LanesPerPair * pair + 1] >> bit) & 1);
        if (_squareDouble is not null)
            _squareDouble(Number(result, 0), Number(a, 0), _doubling, _m, _modulusStep, _pairs);
        else
            SquareLong(result, a, _doubling);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        if (_multiply is not null)
        {
            _multiply(Number(result, 0), Number(a, 0), Number(b, 0), _m, _modulusStep, _pairs);
            return;
        }
        for (int pair = 0; pair < _pairs; pair++)
            ScalarKernel.Multiply(Number(result, pair), Number(a, pair), Number(b, pair), Modulus(pair), Limbs, _quotient);
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)_pairs * _size * sizeof(LimbPair);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    private void SquareLong(int result, int a, Doubling* doubling)
    {
        for (int pair = 0; pair < _pairs; pair++)
            ScalarKernel.Square(Number(result, pair), Number(a, pair), Modulus(pair), Limbs, _quotient, doubling[pair]);
    }

    /// <summary>Three limbs at least, and an even number of them for <see cref="ScalarKernel"/>.</summary>
    private static int PaddedBits(int bits)
    {
        int limbs = Math.Max(ScalarShortKernel.MinLimbs, LimbCount(bits, ScalarColumn.LimbBits));
        return Math.Max(bits, (limbs > ScalarShortKernel.MaxLimbs ? limbs + (limbs & 1) : limbs) * ScalarColumn.LimbBits - Slack);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LimbPair* Number(int register, int pair) => _registers + ((long)register * _pairs + pair) * _size;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LimbPair* Modulus(int pair) => _m + pair * _modulusStep;

    private void SetModuli(int first, int count, ReadOnlySpan<ulong> modulus)
    {
        ulong negativeInverse = NaturalNumber.NegativeInverse(modulus[0]) & ScalarColumn.Mask;
        Span<ulong> fold = Limbs <= ScalarShortKernel.MaxLimbs ? stackalloc ulong[modulus.Length + 1] : [];
        if (!fold.IsEmpty)
            NaturalNumber.InversePowerOfTwo(modulus, ScalarColumn.LimbBits, Limbs - StraightLineAttribute.FoldedDigits(Limbs), fold);
        for (int i = first; i < first + count; i++)
        {
            LimbPair* m = Modulus(i / LanesPerPair);
            int lane = i % LanesPerPair;
            Write(m, lane, modulus);
            m[_size].SetLane(lane, negativeInverse);
            if (!fold.IsEmpty)
                Write(m + Limbs + 2, lane, fold);
        }
        fold.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(LimbPair* number, int lane, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < Limbs; i++)
            number[i].SetLane(lane, NaturalNumber.Limb(words, i, ScalarColumn.LimbBits));
    }
}
