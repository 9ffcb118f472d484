using System.Numerics;
using System.Runtime.InteropServices;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>GMP's <c>mpz_nextprime</c> from a uniform start, and its test as the judge of our primes.</summary>
internal sealed unsafe partial class GmpPeer : IPeer
{
    private const string Library = "libgmp.so.10";
    private const int JudgeRounds = 25;

    public string Name => "gmp";

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    public double PrimesPerSecond(int digits, double seconds)
    {
        Mpz number = default;
        Init(&number);
        int found = 0;
        double begin = ProcessorTime.OfThread(), now;
        do
        {
            Import(&number, RandomStart.OfDigits(digits));
            NextPrime(&number, &number);
            found++;
            now = ProcessorTime.OfThread();
        }
        while (now - begin < seconds);
        Clear(&number);
        return found / (now - begin);
    }

    public static bool IsPrime(BigInteger n)
    {
        Mpz number = default;
        Init(&number);
        Import(&number, n);
        bool isPrime = ProbabPrime(&number, JudgeRounds) != 0;
        Clear(&number);
        return isPrime;
    }

    private static void Import(Mpz* number, BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true);
        fixed (byte* start = bytes)
            Import(number, (nuint)bytes.Length, -1, 1, 0, 0, start);
    }

    [LibraryImport(Library, EntryPoint = "__gmpz_init")]
    private static partial void Init(Mpz* number);

    [LibraryImport(Library, EntryPoint = "__gmpz_clear")]
    private static partial void Clear(Mpz* number);

    [LibraryImport(Library, EntryPoint = "__gmpz_import")]
    private static partial void Import(Mpz* number, nuint count, int order, nuint size, int endian, nuint nails, byte* words);

    [LibraryImport(Library, EntryPoint = "__gmpz_nextprime")]
    private static partial void NextPrime(Mpz* result, Mpz* number);

    [LibraryImport(Library, EntryPoint = "__gmpz_probab_prime_p")]
    private static partial int ProbabPrime(Mpz* number, int rounds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Mpz
    {
        public int Allocated;
        public int Size;
        public nint Limbs;
    }
}
