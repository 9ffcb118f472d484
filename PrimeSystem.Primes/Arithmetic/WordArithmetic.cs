using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>Products and carries of single 64-bit words.</summary>
/// <remarks>
/// .NET has no addition with carry, so carries are found by comparison, without branches: carries are random. The lower word of a product is a second
/// multiplication, because <see cref="Math.BigMul(ulong, ulong, out ulong)"/> writes it to memory and the next step would wait for it.
/// </remarks>
internal static class WordArithmetic
{
    /// <summary>The higher word of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong a, ulong b) => Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    /// <summary>The carry of a sum, which one of its addends shows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Carry(ulong sum, ulong addend) => sum < addend ? 1UL : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Borrow(ulong word, ulong less) => word < less ? 1UL : 0;

    /// <summary>word += a·b + carry. Returns the carry into the next word; both together are at most 2¹²⁸ − 1. The carry is added last, so that a row waits for little.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd(ref ulong word, ulong a, ulong b, ulong carry)
    {
        ulong low = a * b, sum = word + low, high = High(a, b) + Carry(sum, low);
        word = sum + carry;
        return high + Carry(word, carry);
    }

    /// <summary>word −= a·b + carry. Returns the borrow from the next word, at most 2⁶⁴ − 1: a·b + carry is at most 2¹²⁸ − 2⁶⁴, and does not borrow then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplySubtract(ref ulong word, ulong a, ulong b, ulong carry)
    {
        ulong low = a * b, rest = word - low, high = High(a, b) + Borrow(word, low);
        word = rest - carry;
        return high + Borrow(rest, carry);
    }

    /// <summary>word += addend + carry (0 or 1). Returns the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ref ulong word, ulong addend, ulong carry)
    {
        ulong sum = word + addend;
        ulong first = Carry(sum, addend);
        word = sum + carry;
        return first + Carry(word, carry);
    }

    /// <summary>word −= less + borrow (0 or 1). Returns the borrow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract(ref ulong word, ulong less, ulong borrow)
    {
        ulong first = Borrow(word, less), rest = word - less;
        word = rest - borrow;
        return first + Borrow(rest, borrow);
    }
}
