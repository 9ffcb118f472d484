using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Words = System.Runtime.Intrinsics.Vector512<ulong>;

namespace PrimeSystem.Primes.Arithmetic.Avx512;

/// <summary>
/// The AVX-512 kernel: eight lanes per vector, radix 2⁵², low halves of products from <c>vpmullq</c>, high halves from fused multiply-adds
/// (<see cref="Radix52"/>). Numbers are stored as integers and converted when they are read: a conversion costs less than a 512-bit store.
/// </summary>
internal sealed unsafe class Avx512Lanes : MontgomeryLanes
{
    /// <summary>The largest moduli whose kernel is straight-line code.</summary>
    public const int MaxShortBits = Avx512ShortKernel.MaxLimbs * Radix52.LimbBits - Slack;

    private const int LanesPerVector = 8;

    private readonly int _vectors, _registerSize, _modulusStep;
    private readonly LaneMemory _memory;
    private readonly Words* _m, _noDoubling, _doubling, _quotient, _registers;

    private readonly delegate*<Words*, Words*, Words*, int, int, void> _square;
    private readonly delegate*<Words*, Words*, Words*, Words*, int, int, void> _squareDouble, _multiply;

    /// <param name="bits">The largest modulus.</param>
    /// <param name="vectors">Vectors of eight lanes; more than one hides latencies at small sizes.</param>
    /// <param name="registers">How many registers.</param>
    /// <param name="isShared">All lanes have the same modulus.</param>
    public Avx512Lanes(int bits, int vectors, int registers, bool isShared)
        : base(Math.Max(bits, Radix52.LimbBits), Radix52.LimbBits, LanesPerVector * vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, Avx512Kernel.MaxLimbs);
        _vectors = vectors;
        int moduli = isShared ? 1 : vectors, modulusSize = 2 * Limbs + 3;
        _modulusStep = isShared ? 0 : modulusSize;
        _registerSize = Spread(vectors * Limbs);
        int constants = Spread(moduli * modulusSize + 2 * vectors + Limbs);
        _memory = new LaneMemory((constants + (long)registers * _registerSize) * sizeof(Words));
        _m = (Words*)_memory.Start;
        _noDoubling = _m + moduli * modulusSize;
        _doubling = _noDoubling + vectors;
        _quotient = _doubling + vectors;
        _registers = _m + constants;
        _square = Avx512ShortKernel.Squaring(Limbs);
        _squareDouble = Avx512ShortKernel.DoublingSquaring(Limbs);
        _multiply = Avx512ShortKernel.Multiplication(Limbs);
    }

    public static bool IsSupported => Avx512DQ.IsSupported;

    public static bool Fits(int bits) => LimbCount(bits, Radix52.LimbBits) <= Avx512Kernel.MaxLimbs;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        if (_modulusStep == 0)
        {
            SetAllModuli(modulus);
            return;
        }
        Words* m = Modulus(lane / LanesPerVector);
        Write(m, lane % LanesPerVector, modulus);
        ((ulong*)(m + 2 * Limbs))[lane % LanesPerVector] = NaturalNumber.NegativeInverse(modulus[0]) & Radix52.Mask;
        Complete(m);
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        Words inverse = Vector512.Create(NaturalNumber.NegativeInverse(modulus[0]) & Radix52.Mask);
        for (int v = 0; v < (_modulusStep == 0 ? 1 : _vectors); v++)
        {
            Words* m = Modulus(v);
            Broadcast(m, modulus);
            m[2 * Limbs] = inverse;
            Complete(m);
        }
    }

    public override void SetAll(int register, ReadOnlySpan<ulong> number)
    {
        for (int v = 0; v < _vectors; v++)
            Broadcast(Number(register) + v * Limbs, number);
    }

    /// <summary>Limb by limb for eight lanes at once; the lanes that came out too large, or zero, are drawn again one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Randomize(int register, ReadOnlySpan<ulong> modulus, RandomSource random)
    {
        int bits = NaturalNumber.BitLength(modulus);
        for (int v = 0; v < _vectors; v++)
        {
            Words* number = Number(register) + v * Limbs, m = Modulus(v);
            Words isLess = Words.Zero, any = Words.Zero;
            for (int i = 0; i < Limbs; i++)
            {
                int left = Math.Clamp(bits - i * Radix52.LimbBits, 0, Radix52.LimbBits);
                Words limb = left == 0 ? Words.Zero : random.NextVector() & Vector512.Create((1UL << left) - 1);
                isLess = Vector512.LessThan(limb, m[i]) | (Vector512.Equals(limb, m[i]) & isLess);
                any |= limb;
                number[i] = limb;
            }
            ulong redraw = (~isLess | Vector512.Equals(any, Words.Zero)).ExtractMostSignificantBits();
            for (; redraw != 0; redraw &= redraw - 1)
                Redraw(register, v * LanesPerVector + BitOperations.TrailingZeroCount(redraw), modulus, bits, random);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong Equal(int a, int b)
    {
        ulong equal = 0;
        for (int v = 0; v < _vectors; v++)
        {
            Words* x = Number(a) + v * Limbs, y = Number(b) + v * Limbs;
            Words difference = Words.Zero;
            for (int i = 0; i < Limbs; i++)
                difference |= x[i] ^ y[i];
            equal |= Vector512.Equals(difference, Words.Zero).ExtractMostSignificantBits() << (LanesPerVector * v);
        }
        return equal;
    }

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number) =>
        Write(Number(register) + lane / LanesPerVector * Limbs, lane % LanesPerVector, number);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Get(int register, int lane, Span<ulong> number)
    {
        ulong* limb = (ulong*)(Number(register) + lane / LanesPerVector * Limbs) + lane % LanesPerVector;
        number.Clear();
        for (int i = 0; i < Limbs; i++, limb += LanesPerVector)
            NaturalNumber.PutLimb(number, i, Radix52.LimbBits, *limb);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Square(int result, int a)
    {
        if (_square is not null)
            _square(Number(result), Number(a), _m, _modulusStep, _vectors);
        else
            SquareLong(Number(result), Number(a), _noDoubling);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareTimes(int register, int times)
    {
        for (int i = 0; i < times; i++)
            Square(register, register);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        fixed (ulong* words = exponents)
            for (int v = 0; v < _vectors; v++)
                _doubling[v] = (((Words*)words)[v] >> bit) & Words.One;
        if (_squareDouble is not null)
            _squareDouble(Number(result), Number(a), _doubling, _m, _modulusStep, _vectors);
        else
            SquareLong(Number(result), Number(a), _doubling);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareScale(int result, int a, ReadOnlySpan<ulong> exponents, int bit, int factor)
    {
        Debug.Assert(Limbs == 2 && _modulusStep != 0);
        Words one = Words.One, rest = Vector512.Create((ulong)factor - 1);
        fixed (ulong* words = exponents)
            for (int v = 0; v < _vectors; v++)
                _doubling[v] = one + (rest & (Words.Zero - ((((Words*)words)[v] >> bit) & one)));
        Avx512ShortKernel.SquareScale(Number(result), Number(a), _m, _doubling, _modulusStep, _vectors);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        Words* r = Number(result), x = Number(a), y = Number(b);
        if (_multiply is not null)
        {
            _multiply(r, x, y, _m, _modulusStep, _vectors);
            return;
        }
        for (int v = 0; v < _vectors; v++)
        {
            int at = v * Limbs;
            Avx512Kernel.Multiply(r + at, x + at, y + at, Modulus(v), Limbs, _quotient);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Copy(int result, int a)
    {
        long bytes = (long)_vectors * Limbs * sizeof(Words);
        Buffer.MemoryCopy(Number(a), Number(result), bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SquareLong(Words* result, Words* a, Words* doubling)
    {
        for (int v = 0; v < _vectors; v++)
        {
            int at = v * Limbs;
            Avx512Kernel.Square(result + at, a + at, Modulus(v), Limbs, _quotient, doubling[v]);
        }
    }

    private Words* Modulus(int vector) => _m + vector * _modulusStep;

    private Words* Number(int register) => _registers + (long)register * _registerSize;

    /// <summary>Follows a modulus with its limbs as doubles and the constants of <see cref="Radix52.Quotient"/>; −1/m is there already.</summary>
    private void Complete(Words* m)
    {
        Doubles* md = (Doubles*)m + Limbs;
        for (int i = 0; i < Limbs; i++)
            md[i] = Radix52.ToDouble(m[i]);
        md[Limbs + 1] = Radix52.QuotientFactor(md[0]);
        md[Limbs + 2] = Radix52.QuotientOffset(md[0]);
    }

    private void Redraw(int register, int lane, ReadOnlySpan<ulong> modulus, int bits, RandomSource random)
    {
        Span<ulong> number = modulus.Length <= 64 ? stackalloc ulong[modulus.Length] : new ulong[modulus.Length];
        do
            random.NextBelow(modulus, bits, number);
        while (NaturalNumber.IsZero(number));
        Set(register, lane, number);
        number.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Broadcast(Words* number, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < Limbs; i++)
            number[i] = Vector512.Create(NaturalNumber.Limb(words, i, Radix52.LimbBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(Words* number, int lane, ReadOnlySpan<ulong> words)
    {
        ulong* limb = (ulong*)number + lane;
        int limbs = Limbs;
        for (int i = 0; i < limbs; i++, limb += LanesPerVector)
            *limb = NaturalNumber.Limb(words, i, Radix52.LimbBits);
    }

    /// <summary>Avoids sizes near a multiple of 4 KiB: loads and stores at equal page offsets of different registers would wait for each other.</summary>
    private static int Spread(int vectors)
    {
        const int page = 4096 / 64;
        return vectors >= page && vectors % page < page / 4 ? vectors / page * page + page / 4 : vectors;
    }
}
