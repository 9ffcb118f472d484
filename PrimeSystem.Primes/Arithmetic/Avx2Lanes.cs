using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Words = System.Runtime.Intrinsics.Vector256<ulong>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The AVX2 kernel: four lanes per vector, limbs of 51 bits stored as doubles, a multiple of four of them (<see cref="Avx2Kernel"/>).</summary>
internal sealed unsafe class Avx2Lanes : MontgomeryLanes
{
    private const int LanesPerVector = 4;

    private readonly bool _isShared;
    private readonly int _vectors, _size;
    private readonly LaneMemory _memory;
    private readonly Doubles* _m, _negativeInverse, _quotient, _registers;

    public Avx2Lanes(int bits, int vectors, int registers, bool isShared)
        : base(PaddedBits(bits), Radix51.LimbBits, LanesPerVector * vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, Avx2Kernel.MaxLimbs);
        _vectors = vectors;
        _isShared = isShared;
        _size = Limbs;
        int moduli = isShared ? 1 : vectors, constants = moduli * (_size + 1) + _size;
        _memory = new LaneMemory((constants + (long)registers * vectors * _size) * sizeof(Doubles));
        _m = (Doubles*)_memory.Start;
        _negativeInverse = _m + moduli * _size;
        _quotient = _negativeInverse + moduli;
        _registers = _quotient + _size;
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
        if (_isShared)
        {
            SetAllModuli(modulus);
            return;
        }
        WriteModulus(lane, modulus);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        int count = _isShared ? LanesPerVector : Lanes;
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
            SquareVector(result, a, v, Words.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        fixed (ulong* words = exponents)
            for (int v = 0; v < _vectors; v++)
                SquareVector(result, a, v, (((Words*)words)[v] >> bit) & Words.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        for (int v = 0; v < _vectors; v++)
        {
            int u = _isShared ? 0 : v;
            Avx2Kernel.Multiply(Number(result, v), Number(a, v), Number(b, v), _m + u * _size, _negativeInverse[u], _size, _quotient);
        }
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)_vectors * _size * sizeof(Doubles);
        Buffer.MemoryCopy(Number(a, 0), Number(result, 0), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    /// <summary>Bits that fill a multiple of four limbs.</summary>
    private static int PaddedBits(int bits)
    {
        const int block = 4 * Radix51.LimbBits;
        return (bits + Slack + block - 1) / block * block - Slack;
    }

    private void SquareVector(int result, int a, int v, Words doubling)
    {
        int u = _isShared ? 0 : v;
        Avx2Kernel.Square(Number(result, v), Number(a, v), _m + u * _size, _negativeInverse[u], _size, _quotient, doubling);
    }

    private Doubles* Number(int register, int vector) => _registers + ((long)register * _vectors + vector) * _size;

    private void WriteModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        Write(_m + lane / LanesPerVector * _size, lane % LanesPerVector, modulus);
        ((double*)_negativeInverse)[lane] = NaturalNumber.NegativeInverse(modulus[0]) & Radix51.Mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(Doubles* number, int lane, ReadOnlySpan<ulong> words)
    {
        double* limb = (double*)number + lane;
        for (int i = 0; i < _size; i++, limb += LanesPerVector)
            *limb = NaturalNumber.Limb(words, i, Radix51.LimbBits);
    }
}
