using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// The AVX-512 kernel: eight lanes per vector, radix 2⁵², low halves of products from <c>vpmullq</c>, high halves from fused multiply-adds
/// (<see cref="Radix52"/>). A number is stored as integers and as doubles, since each product needs both.
/// </summary>
internal sealed unsafe class HybridLanes : MontgomeryLanes
{
    private const int LanesPerVector = 8;

    private readonly bool _isShared;
    private readonly int _vectors, _numberSize, _registerSize;
    private readonly LaneMemory _memory;
    private readonly Words* _m, _negativeInverse, _doubling, _quotient, _registers;

    /// <param name="bits">The largest modulus.</param>
    /// <param name="vectors">Vectors of eight lanes; more than one hides latencies at small sizes.</param>
    /// <param name="registers">How many registers.</param>
    /// <param name="isShared">All lanes have the same modulus.</param>
    public HybridLanes(int bits, int vectors, int registers, bool isShared)
        : base(Math.Max(bits, Radix52.LimbBits), Radix52.LimbBits, LanesPerVector * vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, HybridKernel.MaxLimbs);
        _vectors = vectors;
        _isShared = isShared;
        int moduli = isShared ? 1 : vectors;
        _numberSize = 2 * Limbs;
        _registerSize = Spread(vectors * _numberSize);
        int constants = Spread(moduli * _numberSize + moduli + vectors + _numberSize);
        _memory = new LaneMemory((constants + (long)registers * _registerSize) * sizeof(Words));
        _m = (Words*)_memory.Start;
        _negativeInverse = _m + moduli * _numberSize;
        _doubling = _negativeInverse + moduli;
        _quotient = _doubling + vectors;
        _registers = _m + constants;
    }

    public static bool IsSupported => Avx512DQ.IsSupported;

    public static bool Fits(int bits) => LimbCount(bits, Radix52.LimbBits) <= HybridKernel.MaxLimbs;

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        ulong inverse = NaturalNumber.NegativeInverse(modulus[0]) & Radix52.Mask;
        if (_isShared)
        {
            for (int l = 0; l < LanesPerVector; l++)
            {
                Write(_m, l, modulus);
                ((ulong*)_negativeInverse)[l] = inverse;
            }
            return;
        }
        Write(_m + lane / LanesPerVector * _numberSize, lane % LanesPerVector, modulus);
        ((ulong*)_negativeInverse)[lane] = inverse;
    }

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number) =>
        Write(Number(register) + lane / LanesPerVector * _numberSize, lane % LanesPerVector, number);

    public override void Get(int register, int lane, Span<ulong> number)
    {
        ulong* limb = (ulong*)(Number(register) + lane / LanesPerVector * _numberSize) + lane % LanesPerVector;
        number.Clear();
        for (int i = 0; i < Limbs; i++, limb += LanesPerVector)
            NaturalNumber.PutLimb(number, i, Radix52.LimbBits, *limb);
    }

    public override void Square(int result, int a)
    {
        NativeMemory.Clear(_doubling, (nuint)(_vectors * sizeof(Words)));
        SquareWithDoubling(result, a);
    }

    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        fixed (ulong* words = exponents)
            for (int v = 0; v < _vectors; v++)
                _doubling[v] = (((Words*)words)[v] >> bit) & Words.One;
        SquareWithDoubling(result, a);
    }

    public override void SquareScale(int result, int a, ReadOnlySpan<ulong> exponents, int bit, int factor)
    {
        Debug.Assert(Limbs == 2 && !_isShared);
        Words one = Words.One, rest = Vector512.Create((ulong)factor - 1);
        fixed (ulong* words = exponents)
            for (int v = 0; v < _vectors; v++)
                _doubling[v] = one + (rest & (Words.Zero - ((((Words*)words)[v] >> bit) & one)));
        HybridSmallKernel.SquareScale(Number(result), Number(a), _m, _negativeInverse, _doubling, _vectors);
    }

    public override void Multiply(int result, int a, int b)
    {
        Words* r = Number(result), x = Number(a), y = Number(b);
        if (Limbs <= HybridSmallKernel.MaxLimbs)
        {
            HybridSmallKernel.Multiply(r, x, y, _m, _negativeInverse, Limbs, _vectors, _isShared);
            return;
        }
        for (int v = 0; v < _vectors; v++)
        {
            int u = _isShared ? 0 : v, at = v * _numberSize;
            HybridKernel.Multiply(r + at, x + at, y + at, _m + u * _numberSize, _negativeInverse[u], Limbs, _quotient);
        }
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)_vectors * _numberSize * sizeof(Words);
        Buffer.MemoryCopy(Number(a), Number(result), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    private void SquareWithDoubling(int result, int a)
    {
        Words* r = Number(result), x = Number(a);
        if (Limbs <= HybridSmallKernel.MaxLimbs)
        {
            HybridSmallKernel.Square(r, x, _m, _negativeInverse, _doubling, Limbs, _vectors, _isShared);
            return;
        }
        for (int v = 0; v < _vectors; v++)
        {
            int u = _isShared ? 0 : v, at = v * _numberSize;
            HybridKernel.Square(r + at, x + at, _m + u * _numberSize, _negativeInverse[u], Limbs, _quotient, _doubling[v]);
        }
    }

    private Words* Number(int register) => _registers + (long)register * _registerSize;

    private void Write(Words* number, int lane, ReadOnlySpan<ulong> words)
    {
        ulong* limb = (ulong*)number + lane;
        double* limbAsDouble = (double*)(number + Limbs) + lane;
        for (int i = 0; i < Limbs; i++, limb += LanesPerVector, limbAsDouble += LanesPerVector)
        {
            ulong value = NaturalNumber.Limb(words, i, Radix52.LimbBits);
            *limb = value;
            *limbAsDouble = value;
        }
    }

    /// <summary>Avoids sizes near a multiple of 4 KiB: loads and stores at equal page offsets of different registers would wait for each other.</summary>
    private static int Spread(int vectors)
    {
        const int page = 4096 / 64;
        return vectors >= page && vectors % page < page / 4 ? vectors / page * page + page / 4 : vectors;
    }
}
