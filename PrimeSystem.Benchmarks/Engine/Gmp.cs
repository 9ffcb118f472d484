using System.Numerics;
using System.Runtime.InteropServices;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>The functions of GMP that the benchmark calls.</summary>
internal static unsafe partial class Gmp
{
    private const string Library = "libgmp.so.10";
    private const int JudgeRounds = 25;

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>GMP's own test, as the judge of our primes.</summary>
    public static bool IsPrime(BigInteger n)
    {
        Integer number = default;
        Init(&number);
        Set(&number, n);
        bool isPrime = ProbabPrime(&number, JudgeRounds) != 0;
        Clear(&number);
        return isPrime;
    }

    public static void Set(Integer* number, BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true);
        fixed (byte* start = bytes)
            Import(number, (nuint)bytes.Length, -1, 1, 0, 0, start);
    }

    [LibraryImport(Library, EntryPoint = "__gmpz_init")]
    public static partial void Init(Integer* number);

    [LibraryImport(Library, EntryPoint = "__gmpz_clear")]
    public static partial void Clear(Integer* number);

    [LibraryImport(Library, EntryPoint = "__gmpz_nextprime")]
    public static partial void NextPrime(Integer* result, Integer* number);

    [LibraryImport(Library, EntryPoint = "__gmpz_sub_ui")]
    public static partial void Subtract(Integer* result, Integer* number, nuint less);

    [LibraryImport(Library, EntryPoint = "__gmpz_scan1")]
    public static partial nuint LowestBit(Integer* number, nuint first);

    [LibraryImport(Library, EntryPoint = "__gmpz_tdiv_q_2exp")]
    public static partial void ShiftRight(Integer* result, Integer* number, nuint bits);

    [LibraryImport(Library, EntryPoint = "__gmpz_powm")]
    public static partial void Power(Integer* result, Integer* number, Integer* exponent, Integer* modulus);

    [LibraryImport(Library, EntryPoint = "__gmpz_powm_ui")]
    public static partial void Power(Integer* result, Integer* number, nuint exponent, Integer* modulus);

    [LibraryImport(Library, EntryPoint = "__gmpz_cmp")]
    public static partial int Compare(Integer* a, Integer* b);

    [LibraryImport(Library, EntryPoint = "__gmpz_cmp_ui")]
    public static partial int Compare(Integer* a, nuint b);

    [LibraryImport(Library, EntryPoint = "__gmpz_urandomm")]
    public static partial void RandomBelow(Integer* result, RandomState* state, Integer* limit);

    [LibraryImport(Library, EntryPoint = "__gmp_randinit_default")]
    public static partial void Init(RandomState* state);

    [LibraryImport(Library, EntryPoint = "__gmp_randseed_ui")]
    public static partial void Seed(RandomState* state, nuint seed);

    [LibraryImport(Library, EntryPoint = "__gmp_randclear")]
    public static partial void Clear(RandomState* state);

    [LibraryImport(Library, EntryPoint = "__gmpz_import")]
    private static partial void Import(Integer* number, nuint count, int order, nuint size, int endian, nuint nails, byte* words);

    [LibraryImport(Library, EntryPoint = "__gmpz_probab_prime_p")]
    private static partial int ProbabPrime(Integer* number, int rounds);

    /// <summary><c>mpz_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Integer
    {
        public int Allocated;
        public int Size;
        public nint Limbs;
    }

    /// <summary><c>gmp_randstate_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RandomState
    {
        public Integer Seed;
        public int Algorithm;
        public nint Data;
    }
}
