using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx2;

/// <summary>The AVX2 kernel: four lanes per vector, limbs of 51 bits stored as doubles (<see cref="Avx2ShortKernel"/>, <see cref="Avx2Kernel"/>).</summary>
internal sealed unsafe class Avx2Lanes : MontgomeryLanes
{
    private const int LanesPerVector = 4;

    private readonly int _vectors, _modulusStep;

    /// <summary>Limbs that are stored, and how many of them can be non-zero.</summary>
    private readonly int _size, _used;
    private readonly LaneMemory _memory;

    private readonly Doubles* _m, _quotient, _registers;
    private readonly Words* _noDoubling, _doubling;
    private readonly delegate*<Doubles*, Doubles*, Doubles*, int, int, void> _square;
    private readonly delegate*<Doubles*, Doubles*, Words*, Doubles*, int, int, void> _squareDouble;
    private readonly delegate*<Doubles*, Doubles*, Doubles*, Doubles*, int, int, void> _multiply;

    public Avx2Lanes(int bits, int vectors, int registers, bool isShared)
        : base(PaddedBits(bits), Radix51.LimbBits, LanesPerVector * vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, Avx2Kernel.MaxLimbs);
        _vectors = vectors;
        _size = Limbs;
        _used = Math.Max(Avx2ShortKernel.MinLimbs, LimbCount(bits, Radix51.LimbBits));
        int moduli = isShared ? 1 : vectors, modulusSize = 2 * _size + Radix51.QuotientConstants;
        _modulusStep = isShared ? 0 : modulusSize;
        _memory = new LaneMemory((moduli * modulusSize + 2 * vectors + (1L + (long)registers * vectors) * _size) * sizeof(Doubles));
        _m = (Doubles*)_memory.Start;
        _noDoubling = (Words*)(_m + moduli * modulusSize);
        _doubling = _noDoubling + vectors;
        _quotient = (Doubles*)(_doubling + vectors);
        _registers = _quotient + _size;
        _square = Avx2ShortKernel.Squaring(Limbs);
        _squareDouble = Avx2ShortKernel.DoublingSquaring(Limbs);
        _multiply = Avx2ShortKernel.Multiplication(Limbs);
    }

    public static bool IsSupported => Radix51.IsSupported;

    /// <summary>Whether numbers are neither too long nor so short that more than half of their limbs would be empty, where other lanes are faster.</summary>
    public static bool Fits(int bits)
    {
        int limbs = LimbCount(PaddedBits(bits), Radix51.LimbBits);
        return limbs <= Avx2Kernel.MaxLimbs && limbs * Radix51.LimbBits <= 2 * bits + 2;
    }

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        if (_modulusStep == 0)
            SetModuli(0, LanesPerVector, modulus);
        else
            SetModuli(lane, 1, modulus);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus) => SetModuli(0, _modulusStep == 0 ? LanesPerVector : Lanes, modulus);

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
        if (_square is not null)
            _square(Number(result, 0), Number(a, 0), _m, _modulusStep, _vectors);
        else
            SquareLong(result, a, _noDoubling);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        fixed (ulong* words = exponents)
            for (int v = 0; v < _vectors; v++)
                _doubling[v] = (((Words*)words)[v] >> bit) & Words.One;
        if (_squareDouble is not null)
            _squareDouble(Number(result, 0), Number(a, 0), _doubling, _m, _modulusStep, _vectors);
        else
            SquareLong(result, a, _doubling);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        if (_multiply is not null)
        {
            _multiply(Number(result, 0), Number(a, 0), Number(b, 0), _m, _modulusStep, _vectors);
            return;
        }
        for (int v = 0; v < _vectors; v++)
            Avx2Kernel.Multiply(Number(result, v), Number(a, v), Number(b, v), Modulus(v), _used, _quotient);
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)_vectors * _size * sizeof(Doubles);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    private void SquareLong(int result, int a, Words* doubling)
    {
        for (int v = 0; v < _vectors; v++)
            Avx2Kernel.Square(Number(result, v), Number(a, v), Modulus(v), _used, _quotient, doubling[v]);
    }

    /// <summary>Three limbs at least, and a multiple of four for <see cref="Avx2Kernel"/>.</summary>
    private static int PaddedBits(int bits)
    {
        int limbs = Math.Max(Avx2ShortKernel.MinLimbs, LimbCount(bits, Radix51.LimbBits));
        return Math.Max(bits, (limbs > Avx2ShortKernel.MaxLimbs ? (limbs + 3) / 4 * 4 : limbs) * Radix51.LimbBits - Slack);
    }

    private Doubles* Number(int register, int vector) => _registers + ((long)register * _vectors + vector) * _size;

    private Doubles* Modulus(int vector) => _m + vector * _modulusStep;

    private void SetModuli(int first, int count, ReadOnlySpan<ulong> modulus)
    {
        double negativeInverse = NaturalNumber.NegativeInverse(modulus[0]) & Radix51.Mask;
        Span<ulong> fold = _size <= Avx2ShortKernel.MaxLimbs ? stackalloc ulong[modulus.Length + 1] : [];
        if (!fold.IsEmpty)
            NaturalNumber.InversePowerOfTwo(modulus, Radix51.LimbBits, _size - StraightLineAttribute.FoldedDigits(_size), fold);
        for (int i = first; i < first + count; i++)
        {
            Doubles* m = Modulus(i / LanesPerVector);
            int lane = i % LanesPerVector;
            Write(m, lane, modulus);
            ((double*)(m + _size))[lane] = negativeInverse;
            Radix51.SetQuotientConstants(m + _size, *m);
            if (!fold.IsEmpty)
                Write(m + _size + Radix51.QuotientConstants, lane, fold);
        }
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
