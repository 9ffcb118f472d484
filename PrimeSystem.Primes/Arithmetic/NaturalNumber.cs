using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Natural numbers as little-endian 64-bit words in spans, for the search's work on candidates outside the lanes. Nothing is allocated. Words beyond the
/// number are zero.
/// </summary>
internal static class NaturalNumber
{
    /// <summary>Words for a number of <paramref name="bits"/> bits, and one more, so that a shifted read never runs over the end.</summary>
    public static int WordCount(int bits) => (bits + 63) / 64 + 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int BitLength(ReadOnlySpan<ulong> words)
    {
        for (int i = words.Length - 1; i >= 0; i--)
            if (words[i] != 0)
                return 64 * i + 64 - BitOperations.LeadingZeroCount(words[i]);
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int TrailingZeroCount(ReadOnlySpan<ulong> words)
    {
        int i = 0;
        while (words[i] == 0)
            i++;
        return 64 * i + BitOperations.TrailingZeroCount(words[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBitSet(ReadOnlySpan<ulong> words, int bit) => ((words[bit >> 6] >> (bit & 63)) & 1) != 0;

    /// <summary>Whether a &lt; b, for spans of equal length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsLess(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (int i = a.Length - 1; i >= 0; i--)
            if (a[i] != b[i])
                return a[i] < b[i];
        return false;
    }

    public static bool IsZero(ReadOnlySpan<ulong> words) => words.IndexOfAnyExcept(0UL) < 0;

    public static bool IsOne(ReadOnlySpan<ulong> words) => words[0] == 1 && IsZero(words[1..]);

    /// <summary>words += addend, modulo 2^(64·length).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<ulong> words, ulong addend)
    {
        for (int i = 0; addend != 0 && i < words.Length; i++)
        {
            ulong sum = words[i] + addend;
            addend = sum < addend ? 1UL : 0;
            words[i] = sum;
        }
    }

    /// <summary>words += addend, modulo 2^(64·length).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<ulong> words, ReadOnlySpan<ulong> addend)
    {
        ulong carry = 0;
        for (int i = 0; i < words.Length; i++)
        {
            UInt128 sum = (UInt128)words[i] + addend[i] + carry;
            words[i] = (ulong)sum;
            carry = (ulong)(sum >> 64);
        }
    }

    /// <summary>words >>= shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ShiftRight(Span<ulong> words, int shift)
    {
        int skip = shift >> 6, bits = shift & 63;
        for (int i = 0; i < words.Length; i++)
        {
            ulong low = i + skip < words.Length ? words[i + skip] : 0, high = i + skip + 1 < words.Length ? words[i + skip + 1] : 0;
            words[i] = bits == 0 ? low : (low >> bits) | (high << (64 - bits));
        }
    }

    /// <summary>words = −words mod 2^bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NegateLowBits(Span<ulong> words, int bits)
    {
        ulong carry = 1;
        for (int i = 0; i < words.Length; i++)
        {
            ulong value = ~words[i] + carry;
            carry = carry != 0 && value == 0 ? 1UL : 0;
            words[i] = value;
        }
        KeepLowBits(words, bits);
    }

    /// <summary>words mod 2^bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepLowBits(Span<ulong> words, int bits)
    {
        int word = bits >> 6;
        if (word >= words.Length)
            return;
        words[word] &= (1UL << (bits & 63)) - 1;
        words[(word + 1)..].Clear();
    }

    /// <summary>The <paramref name="index"/>-th digit in radix 2^limbBits, limbBits ≤ 63; zero beyond the number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Limb(ReadOnlySpan<ulong> words, int index, int limbBits)
    {
        int bit = index * limbBits, word = bit >> 6, shift = bit & 63;
        if (word >= words.Length)
            return 0;
        ulong value = words[word] >> shift;
        if (shift + limbBits > 64 && word + 1 < words.Length)
            value |= words[word + 1] << (64 - shift);
        return value & ((1UL << limbBits) - 1);
    }

    /// <summary>Adds <paramref name="limb"/> · 2^(index·limbBits) to words that are zero there; what lies beyond their end must be zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutLimb(Span<ulong> words, int index, int limbBits, ulong limb)
    {
        int bit = index * limbBits, word = bit >> 6, shift = bit & 63;
        if (word < words.Length)
            words[word] |= limb << shift;
        if (shift + limbBits > 64 && word + 1 < words.Length)
            words[word + 1] |= limb >> (64 - shift);
    }

    /// <summary>−1/m mod 2⁶⁴ for odd m, by Newton's iteration; each step doubles the correct bits, of which m itself has three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NegativeInverse(ulong m)
    {
        ulong inverse = m;
        for (int i = 0; i < 5; i++)
            inverse *= 2 - m * inverse;
        return 0 - inverse;
    }

    /// <summary>result = 2^(−limbBits·count) mod m for odd m: so many steps of a Montgomery reduction of 1, in radix 2^limbBits.</summary>
    /// <param name="m">The modulus.</param>
    /// <param name="limbBits">1 to 63.</param>
    /// <param name="count">How many steps.</param>
    /// <param name="result">A word more than the modulus.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InversePowerOfTwo(ReadOnlySpan<ulong> m, int limbBits, int count, Span<ulong> result)
    {
        ulong negativeInverse = NegativeInverse(m[0]), mask = (1UL << limbBits) - 1;
        result.Clear();
        result[0] = 1;
        for (; count > 0; count--)
        {
            ulong digit = (result[0] * negativeInverse) & mask, carry = 0, below = 0;
            for (int i = 0; i < m.Length; i++)
            {
                ulong word = result[i];
                carry = WordArithmetic.MultiplyAdd(ref word, digit, m[i], carry);
                if (i > 0)
                    result[i - 1] = (below >> limbBits) | (word << (64 - limbBits));
                below = word;
            }
            result[m.Length - 1] = (below >> limbBits) | (carry << (64 - limbBits));
            result[m.Length] = carry >> limbBits;
        }
    }

    public static BigInteger ToBigInteger(ReadOnlySpan<ulong> words) =>
        new(MemoryMarshal.AsBytes(words), isUnsigned: true, isBigEndian: !BitConverter.IsLittleEndian);

    /// <summary>Writes <paramref name="value"/> ≥ 0 into words that are long enough.</summary>
    public static void FromBigInteger(BigInteger value, Span<ulong> words)
    {
        words.Clear();
        if (!value.TryWriteBytes(MemoryMarshal.AsBytes(words), out _, isUnsigned: true))
            throw new ArgumentException("The number does not fit.", nameof(words));
    }
}
