using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Words from the system's cryptographic generator, fetched a few kilobytes at a time because a call costs more than its bytes. A word is wiped from the
/// buffer when it is returned. Not thread-safe.
/// </summary>
internal sealed class RandomSource : IDisposable
{
    private readonly ulong[] _buffer;
    private int _next;

    public RandomSource(int words = 512)
    {
        _buffer = GC.AllocateArray<ulong>(words, pinned: true);
        _next = words;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong NextWord()
    {
        if (_next == _buffer.Length)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_buffer.AsSpan()));
            _next = 0;
        }
        ulong word = _buffer[_next];
        _buffer[_next++] = 0;
        return word;
    }

    public Vector512<ulong> NextVector()
    {
        const int words = 8;
        if (_next > _buffer.Length - words)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_buffer.AsSpan()));
            _next = 0;
        }
        Span<ulong> source = _buffer.AsSpan(_next, words);
        Vector512<ulong> vector = Vector512.Create<ulong>(source);
        source.Clear();
        _next += words;
        return vector;
    }

    /// <summary>Uniform in [0, limit), for a limit &gt; 0 of the given bit length; both spans of equal length. By rejection: two tries at most on average.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void NextBelow(ReadOnlySpan<ulong> limit, int limitBits, Span<ulong> result)
    {
        int top = (limitBits - 1) >> 6;
        result[(top + 1)..].Clear();
        do
        {
            for (int i = 0; i <= top; i++)
                result[i] = NextWord();
            result[top] &= ulong.MaxValue >> (63 - ((limitBits - 1) & 63));
        }
        while (!NaturalNumber.IsLess(result, limit));
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_buffer.AsSpan()));
        _next = _buffer.Length;
    }
}
