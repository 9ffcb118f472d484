using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;

namespace PrimeSystem.Primes.Search;

/// <summary>
/// Marks, among consecutive odd numbers from a large start, those with a small prime factor.
/// </summary>
/// <remarks>
/// <para>Why it is fast: the cost of a window is not the marking but the residues of the start, one division by every small prime. They are taken for
/// 48 primes at once in doubles: r ← r·2³² + word, minus the nearest multiple of p, found by multiplying with 1/p and rounding. With |r| at most
/// about p/2 and p &lt; 2²², r·2³² + word stays below 2⁵³ + 2³², where the fused multiply-add is exact enough to be exact: the sum is an integer of at
/// most 53 bits. Six independent vectors hide the latency of the chain.</para>
/// <para>Primes beyond the window mark one number at most, and a comparison of vectors skips those that mark none.</para>
/// </remarks>
internal sealed unsafe class Sieve
{
    private const int Batch = 48;

    /// <summary>1.5·2⁵²: adding and subtracting it rounds a double to the nearest integer.</summary>
    private const double Rounder = 6755399441055744.0;

    private readonly double[] _primes, _inverses, _chunks;
    private readonly int _count;

    public Sieve(int bound, int words)
    {
        ReadOnlySpan<int> primes = SmallPrimes.Below(bound);
        _count = primes.Length;
        int padded = (_count + Batch - 1) / Batch * Batch;
        _primes = GC.AllocateArray<double>(padded, pinned: true);
        _inverses = GC.AllocateArray<double>(padded, pinned: true);
        for (int i = 0; i < padded; i++)
        {
            _primes[i] = i < _count ? primes[i] : 3;
            _inverses[i] = 1 / _primes[i];
        }
        _chunks = GC.AllocateArray<double>(2 * words, pinned: true);
    }

    /// <summary>Sets the bit of every composite that is found: bit i stands for start + 2i.</summary>
    /// <param name="start">Odd, larger than the sieve's bound, of as many words as the sieve was made for.</param>
    /// <param name="composites">The bits, all clear.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Mark(ReadOnlySpan<ulong> start, Span<ulong> composites)
    {
        int chunkCount = 2 * start.Length, window = 64 * composites.Length;
        ReadOnlySpan<uint> halves = MemoryMarshal.Cast<ulong, uint>(start);
        while (chunkCount > 1 && halves[chunkCount - 1] == 0)
            chunkCount--;
        for (int i = 0; i < chunkCount; i++)
            _chunks[i] = halves[chunkCount - 1 - i];

        double* offsets = stackalloc double[Batch];
        Doubles rounder = Vector512.Create(Rounder), scale = Vector512.Create(4294967296.0), limit = Vector512.Create((double)window);
        fixed (double* primes = _primes, inverses = _inverses, chunks = _chunks)
        fixed (ulong* bits = composites)
        {
            for (int g = 0; g < _count; g += Batch)
            {
                Doubles* p = (Doubles*)(primes + g), inverse = (Doubles*)(inverses + g);
                Doubles p0 = p[0], p1 = p[1], p2 = p[2], p3 = p[3], p4 = p[4], p5 = p[5];
                Doubles i0 = inverse[0], i1 = inverse[1], i2 = inverse[2], i3 = inverse[3], i4 = inverse[4], i5 = inverse[5];
                Doubles r0 = Doubles.Zero, r1 = r0, r2 = r0, r3 = r0, r4 = r0, r5 = r0;
                for (int j = 0; j < chunkCount; j++)
                {
                    Doubles word = Vector512.Create(chunks[j]);
                    r0 = Vector512.FusedMultiplyAdd(r0, scale, word);
                    r1 = Vector512.FusedMultiplyAdd(r1, scale, word);
                    r2 = Vector512.FusedMultiplyAdd(r2, scale, word);
                    r3 = Vector512.FusedMultiplyAdd(r3, scale, word);
                    r4 = Vector512.FusedMultiplyAdd(r4, scale, word);
                    r5 = Vector512.FusedMultiplyAdd(r5, scale, word);
                    r0 = Reduce(r0, p0, i0, rounder);
                    r1 = Reduce(r1, p1, i1, rounder);
                    r2 = Reduce(r2, p2, i2, rounder);
                    r3 = Reduce(r3, p3, i3, rounder);
                    r4 = Reduce(r4, p4, i4, rounder);
                    r5 = Reduce(r5, p5, i5, rounder);
                }
                Doubles* o = (Doubles*)offsets;
                o[0] = FirstMultiple(r0, p0);
                o[1] = FirstMultiple(r1, p1);
                o[2] = FirstMultiple(r2, p2);
                o[3] = FirstMultiple(r3, p3);
                o[4] = FirstMultiple(r4, p4);
                o[5] = FirstMultiple(r5, p5);
                if (primes[g] < window)
                    MarkMultiples(bits, window, primes + g, offsets, Math.Min(Batch, _count - g));
                else
                    MarkFirst(bits, limit, o, offsets);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles Reduce(Doubles r, Doubles p, Doubles inverse, Doubles rounder) =>
        Vector512.FusedMultiplyAdd(-(Vector512.FusedMultiplyAdd(r, inverse, rounder) - rounder), p, r);

    /// <summary>The least i ≥ 0 with residue + 2i ≡ 0 (mod p), for a residue between −p and p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles FirstMultiple(Doubles residue, Doubles p)
    {
        Doubles distance = -residue;
        distance += Vector512.LessThan(distance, Doubles.Zero) & p;
        Doubles half = distance * Vector512.Create(0.5);
        // An odd distance d is met by d + p, which is even.
        half += Vector512.AndNot(p * Vector512.Create(0.5), Vector512.Equals(Vector512.Floor(half), half).AsDouble());
        return half - (Vector512.GreaterThanOrEqual(half, p) & p);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MarkMultiples(ulong* bits, int window, double* primes, double* offsets, int count)
    {
        for (int k = 0; k < count; k++)
        {
            int p = (int)primes[k];
            for (int i = (int)offsets[k]; i < window; i += p)
                bits[i >> 6] |= 1UL << (i & 63);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MarkFirst(ulong* bits, Doubles limit, Doubles* offsetVectors, double* offsets)
    {
        for (int v = 0; v < Batch / 8; v++)
        {
            for (ulong hits = Vector512.LessThan(offsetVectors[v], limit).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
            {
                int i = (int)offsets[8 * v + System.Numerics.BitOperations.TrailingZeroCount(hits)];
                bits[i >> 6] |= 1UL << (i & 63);
            }
        }
    }
}
