using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The AVX2 kernel: four lanes per vector, limbs of 51 bits stored as doubles (<see cref="Avx2SmallKernel"/>, <see cref="Avx2Kernel"/>).</summary>
internal sealed unsafe class Avx2Lanes : MontgomeryLanes
{
    private const int LanesPerVector = 4;

    private readonly int _vectors, _modulusStep;

    /// <summary>Limbs stored, and those of them that are not always zero.</summary>
    private readonly int _size, _used;
    private readonly LaneMemory _memory;

    /// <summary>A modulus, −1/m mod 2⁵¹, and 2^(−51·(n − f)) mod m, where f digits of a square are folded.</summary>
    private readonly Doubles* _m;
    private readonly Doubles* _quotient, _registers;
    private readonly delegate*<Doubles*, Doubles*, Doubles*, int, Doubles*, Words, void> _square, _squareDouble;
    private readonly delegate*<Doubles*, Doubles*, Doubles*, Doubles*, int, Doubles*, void> _multiply;

    public Avx2Lanes(int bits, int vectors, int registers, bool isShared)
        : base(PaddedBits(bits), Radix51.LimbBits, LanesPerVector * vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, Avx2Kernel.MaxLimbs);
        _vectors = vectors;
        _size = Limbs;
        _used = Math.Max(Avx2SmallKernel.MinLimbs, LimbCount(bits, Radix51.LimbBits));
        int moduli = isShared ? 1 : vectors, modulusSize = 2 * _size + 1;
        _modulusStep = isShared ? 0 : modulusSize;
        _memory = new LaneMemory((moduli * modulusSize + (1L + (long)registers * vectors) * _size) * sizeof(Doubles));
        _m = (Doubles*)_memory.Start;
        _quotient = _m + moduli * modulusSize;
        _registers = _quotient + _size;
        _square = Squaring(Limbs);
        _squareDouble = DoublingSquaring(Limbs);
        _multiply = Multiplication(Limbs);
    }

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Neither too long, nor so short that more than half of the limbs would be empty: other lanes are faster there.</summary>
    public static bool Fits(int bits)
    {
        int limbs = LimbCount(PaddedBits(bits), Radix51.LimbBits);
        return limbs <= Avx2Kernel.MaxLimbs && limbs * Radix51.LimbBits <= 2 * bits + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        if (_modulusStep == 0)
        {
            SetAllModuli(modulus);
            return;
        }
        WriteModulus(lane, modulus);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        int count = _modulusStep == 0 ? LanesPerVector : Lanes;
        for (int lane = 0; lane < count; lane++)
            WriteModulus(lane, modulus);
    }

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number) =>
        Write(Number(register, lane / LanesPerVector), lane % LanesPerVector, number);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Get(int register, int lane, Span<ulong> number)
    {
        double* limb = (double*)Number(register, lane / LanesPerVector) + lane % LanesPerVector;
        number.Clear();
        for (int i = 0; i < _size; i++, limb += LanesPerVector)
            NaturalNumber.PutLimb(number, i, Radix51.LimbBits, (ulong)*limb);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong Equal(int a, int b)
    {
        ulong equal = 0;
        for (int v = 0; v < _vectors; v++)
        {
            Doubles* x = Number(a, v), y = Number(b, v);
            Words same = Words.AllBitsSet;
            for (int i = 0; i < _size; i++)
                same &= Vector256.Equals(x[i], y[i]).AsUInt64();
            equal |= (ulong)same.ExtractMostSignificantBits() << (LanesPerVector * v);
        }
        return equal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Square(int result, int a)
    {
        for (int v = 0; v < _vectors; v++)
            _square(Number(result, v), Number(a, v), Modulus(v), _used, _quotient, Words.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        fixed (ulong* words = exponents)
        {
            for (int v = 0; v < _vectors; v++)
                _squareDouble(Number(result, v), Number(a, v), Modulus(v), _used, _quotient, (((Words*)words)[v] >> bit) & Words.One);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        for (int v = 0; v < _vectors; v++)
            _multiply(Number(result, v), Number(a, v), Number(b, v), Modulus(v), _used, _quotient);
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)_vectors * _size * sizeof(Doubles);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    /// <summary>Three limbs at least, and above <see cref="Avx2SmallKernel"/>'s a multiple of four.</summary>
    private static int PaddedBits(int bits)
    {
        int limbs = Math.Max(Avx2SmallKernel.MinLimbs, LimbCount(bits, Radix51.LimbBits));
        return Math.Max(bits, (limbs > Avx2SmallKernel.MaxLimbs ? (limbs + 3) / 4 * 4 : limbs) * Radix51.LimbBits - Slack);
    }

    private static delegate*<Doubles*, Doubles*, Doubles*, int, Doubles*, Words, void> Squaring(int limbs) => limbs switch
    {
        3 => &Avx2SmallKernel.Square<Limbs3>,
        4 => &Avx2SmallKernel.Square<Limbs4>,
        5 => &Avx2SmallKernel.Square<Limbs5>,
        6 => &Avx2SmallKernel.Square<Limbs6>,
        7 => &Avx2SmallKernel.Square<Limbs7>,
        8 => &Avx2SmallKernel.Square<Limbs8>,
        9 => &Avx2SmallKernel.Square<Limbs9>,
        10 => &Avx2SmallKernel.Square<Limbs10>,
        11 => &Avx2SmallKernel.Square<Limbs11>,
        12 => &Avx2SmallKernel.Square<Limbs12>,
        _ => &Avx2Kernel.Square,
    };

    private static delegate*<Doubles*, Doubles*, Doubles*, int, Doubles*, Words, void> DoublingSquaring(int limbs) => limbs switch
    {
        3 => &Avx2SmallKernel.SquareDouble<Limbs3>,
        4 => &Avx2SmallKernel.SquareDouble<Limbs4>,
        5 => &Avx2SmallKernel.SquareDouble<Limbs5>,
        6 => &Avx2SmallKernel.SquareDouble<Limbs6>,
        7 => &Avx2SmallKernel.SquareDouble<Limbs7>,
        8 => &Avx2SmallKernel.SquareDouble<Limbs8>,
        9 => &Avx2SmallKernel.SquareDouble<Limbs9>,
        10 => &Avx2SmallKernel.SquareDouble<Limbs10>,
        11 => &Avx2SmallKernel.SquareDouble<Limbs11>,
        12 => &Avx2SmallKernel.SquareDouble<Limbs12>,
        _ => &Avx2Kernel.Square,
    };

    private static delegate*<Doubles*, Doubles*, Doubles*, Doubles*, int, Doubles*, void> Multiplication(int limbs) => limbs switch
    {
        3 => &Avx2SmallKernel.Multiply<Limbs3>,
        4 => &Avx2SmallKernel.Multiply<Limbs4>,
        5 => &Avx2SmallKernel.Multiply<Limbs5>,
        6 => &Avx2SmallKernel.Multiply<Limbs6>,
        7 => &Avx2SmallKernel.Multiply<Limbs7>,
        8 => &Avx2SmallKernel.Multiply<Limbs8>,
        9 => &Avx2SmallKernel.Multiply<Limbs9>,
        10 => &Avx2SmallKernel.Multiply<Limbs10>,
        11 => &Avx2SmallKernel.Multiply<Limbs11>,
        12 => &Avx2SmallKernel.Multiply<Limbs12>,
        _ => &Avx2Kernel.Multiply,
    };

    private Doubles* Number(int register, int vector) => _registers + ((long)register * _vectors + vector) * _size;

    private Doubles* Modulus(int vector) => _m + vector * _modulusStep;

    private void WriteModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        Doubles* m = Modulus(lane / LanesPerVector);
        lane %= LanesPerVector;
        Write(m, lane, modulus);
        ((double*)(m + _size))[lane] = NaturalNumber.NegativeInverse(modulus[0]) & Radix51.Mask;
        if (_size > Avx2SmallKernel.MaxLimbs)
            return;
        Span<ulong> fold = stackalloc ulong[modulus.Length + 1];
        NaturalNumber.InversePowerOfTwo(modulus, Radix51.LimbBits, _size - _size / 2, fold);
        Write(m + _size + 1, lane, fold);
        fold.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(Doubles* number, int lane, ReadOnlySpan<ulong> words)
    {
        double* limb = (double*)number + lane;
        for (int i = 0; i < _size; i++, limb += LanesPerVector)
            *limb = NaturalNumber.Limb(words, i, Radix51.LimbBits);
    }
}
