using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PrimeSystem.Primes.Arithmetic;

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
    private readonly delegate*<LimbPair*, LimbPair*, LimbPair*, int, LimbPair*, int, int, void> _square, _squareDouble;
    private readonly delegate*<LimbPair*, LimbPair*, LimbPair*, LimbPair*, int, LimbPair*, void> _multiply;

    public ScalarLanes(int bits, int pairs, int registers, bool isShared)
        : base(PaddedBits(bits), ScalarColumn.LimbBits, LanesPerPair * pairs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, ScalarKernel.MaxLimbs);
        _size = Limbs + 1;
        _pairs = pairs;
        int modulusSize = ScalarSmallKernel.ModulusLimbs(Limbs);
        int moduli = isShared ? 1 : pairs;
        _modulusStep = isShared ? 0 : modulusSize;
        _memory = new LaneMemory((moduli * modulusSize + (1L + (long)registers * pairs) * _size) * sizeof(LimbPair));
        _m = (LimbPair*)_memory.Start;
        _quotient = _m + moduli * modulusSize;
        _registers = _quotient + _size;
        _square = Squaring(Limbs);
        _squareDouble = DoublingSquaring(Limbs);
        _multiply = Multiplication(Limbs);
    }

    /// <summary>Without the instruction, a fused multiply-add is a function of some hundred of them.</summary>
    public static bool IsSupported => Fma.IsSupported || AdvSimd.Arm64.IsSupported;

    public static bool Fits(int bits) => LimbCount(PaddedBits(bits), ScalarColumn.LimbBits) <= ScalarKernel.MaxLimbs;

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        LimbPair* m = Modulus(lane / LanesPerPair);
        ulong negativeInverse = NaturalNumber.NegativeInverse(modulus[0]) & ScalarColumn.Mask;
        Span<ulong> fold = Limbs <= ScalarSmallKernel.MaxLimbs ? stackalloc ulong[modulus.Length + 1] : [];
        if (!fold.IsEmpty)
            NaturalNumber.InversePowerOfTwo(modulus, ScalarColumn.LimbBits, Limbs - ScalarSmallKernel.FoldedDigits(Limbs), fold);
        for (int i = 0; i < LanesPerPair; i++)
        {
            if (_modulusStep != 0 && i != lane % LanesPerPair)
                continue;
            Write(m, i, modulus);
            m[_size].SetLane(i, negativeInverse);
            if (!fold.IsEmpty)
                Write(m + (_size + 1), i, fold);
        }
        fold.Clear();
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        for (int lane = 0; lane < (_modulusStep == 0 ? 1 : Lanes); lane++)
            SetModulus(lane, modulus);
    }

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
        for (int pair = 0; pair < _pairs; pair++)
            _square(Number(result, pair), Number(a, pair), Modulus(pair), Limbs, _quotient, 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        for (int pair = 0; pair < _pairs; pair++)
        {
            int lane = LanesPerPair * pair, shift0 = (int)(exponents[lane] >> bit) & 1, shift1 = (int)(exponents[lane + 1] >> bit) & 1;
            _squareDouble(Number(result, pair), Number(a, pair), Modulus(pair), Limbs, _quotient, shift0, shift1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        for (int pair = 0; pair < _pairs; pair++)
            _multiply(Number(result, pair), Number(a, pair), Number(b, pair), Modulus(pair), Limbs, _quotient);
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)_pairs * _size * sizeof(LimbPair);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    /// <summary>Three limbs at least, and above <see cref="ScalarSmallKernel"/>'s an even number of them.</summary>
    private static int PaddedBits(int bits)
    {
        int limbs = Math.Max(ScalarSmallKernel.MinLimbs, LimbCount(bits, ScalarColumn.LimbBits));
        return Math.Max(bits, (limbs > ScalarSmallKernel.MaxLimbs ? limbs + (limbs & 1) : limbs) * ScalarColumn.LimbBits - Slack);
    }

    private static delegate*<LimbPair*, LimbPair*, LimbPair*, int, LimbPair*, int, int, void> Squaring(int limbs) => limbs switch
    {
        3 => &ScalarSmallKernel.Square<Limbs3>,
        4 => &ScalarSmallKernel.Square<Limbs4>,
        5 => &ScalarSmallKernel.Square<Limbs5>,
        6 => &ScalarSmallKernel.Square<Limbs6>,
        7 => &ScalarSmallKernel.Square<Limbs7>,
        8 => &ScalarSmallKernel.Square<Limbs8>,
        9 => &ScalarSmallKernel.Square<Limbs9>,
        10 => &ScalarSmallKernel.Square<Limbs10>,
        _ => &ScalarKernel.Square,
    };

    private static delegate*<LimbPair*, LimbPair*, LimbPair*, int, LimbPair*, int, int, void> DoublingSquaring(int limbs) => limbs switch
    {
        3 => &ScalarSmallKernel.SquareDouble<Limbs3>,
        4 => &ScalarSmallKernel.SquareDouble<Limbs4>,
        5 => &ScalarSmallKernel.SquareDouble<Limbs5>,
        6 => &ScalarSmallKernel.SquareDouble<Limbs6>,
        7 => &ScalarSmallKernel.SquareDouble<Limbs7>,
        8 => &ScalarSmallKernel.SquareDouble<Limbs8>,
        9 => &ScalarSmallKernel.SquareDouble<Limbs9>,
        10 => &ScalarSmallKernel.SquareDouble<Limbs10>,
        _ => &ScalarKernel.Square,
    };

    private static delegate*<LimbPair*, LimbPair*, LimbPair*, LimbPair*, int, LimbPair*, void> Multiplication(int limbs) => limbs switch
    {
        3 => &ScalarSmallKernel.Multiply<Limbs3>,
        4 => &ScalarSmallKernel.Multiply<Limbs4>,
        5 => &ScalarSmallKernel.Multiply<Limbs5>,
        6 => &ScalarSmallKernel.Multiply<Limbs6>,
        7 => &ScalarSmallKernel.Multiply<Limbs7>,
        8 => &ScalarSmallKernel.Multiply<Limbs8>,
        9 => &ScalarSmallKernel.Multiply<Limbs9>,
        10 => &ScalarSmallKernel.Multiply<Limbs10>,
        _ => &ScalarKernel.Multiply,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LimbPair* Number(int register, int pair) => _registers + ((long)register * _pairs + pair) * _size;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LimbPair* Modulus(int pair) => _m + pair * _modulusStep;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(LimbPair* number, int lane, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < Limbs; i++)
            number[i].SetLane(lane, NaturalNumber.Limb(words, i, ScalarColumn.LimbBits));
    }
}
