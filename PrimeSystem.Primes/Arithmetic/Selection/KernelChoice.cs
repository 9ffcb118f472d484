using System.Diagnostics;
using PrimeSystem.Primes.Arithmetic.Avx2;
using PrimeSystem.Primes.Arithmetic.Avx512;
using PrimeSystem.Primes.Arithmetic.Portable;

namespace PrimeSystem.Primes.Arithmetic.Selection;

/// <summary>
/// Chooses the kernel, once per process and class of sizes, by measuring those that the processor supports for about a millisecond. A processor flag says
/// that an instruction exists, not that it is fast: <c>vpmullq</c> is one multiplication on some processors and three on others.
/// The environment variable PRIMES_KERNEL = avx512 | avx2 | scalar forces a kernel.
/// </summary>
internal static class KernelChoice
{
    public const string Variable = "PRIMES_KERNEL";

    /// <summary>Up to MaxBits, the kernel that squares numbers of TrialBits fastest is used.</summary>
    private static readonly (int MaxBits, int TrialBits)[] Classes = [(152, 127), (251, 200), (256, 256), (640, 515), (int.MaxValue, 1_024)];

    private static readonly Lazy<Kernel>[] Chosen = [.. Classes.Select(c => new Lazy<Kernel>(() => Choose(c.TrialBits)))];
    private static readonly Lazy<Kernel?> Requested = new(ReadVariable);
    private static Kernel? _forced;

    /// <summary>The kernel for new lanes of a size.</summary>
    public static Kernel For(int bits) => _forced ?? Requested.Value ?? Chosen[Array.FindIndex(Classes, c => bits <= c.MaxBits)].Value;

    /// <summary>The kernels this processor can run, slowest first as a rule.</summary>
    public static IEnumerable<Kernel> Supported => Enum.GetValues<Kernel>().Where(IsSupported);

    public static bool IsSupported(Kernel kernel) => kernel switch
    {
        Kernel.Avx512 => Avx512Lanes.IsSupported,
        Kernel.Avx2 => Avx2Lanes.IsSupported,
        _ => true,
    };

    /// <summary>Makes every later search use a kernel, or the chosen one again if null. For tests and benchmarks.</summary>
    public static void Force(Kernel? kernel)
    {
        if (kernel is { } requested && !IsSupported(requested))
            throw new PlatformNotSupportedException($"This processor does not support the kernel {requested}.");
        _forced = kernel;
    }

    /// <summary>Lanes with a modulus each.</summary>
    public static MontgomeryLanes ForCandidates(int bits, int registers) =>
        Create(For(bits), bits, Vectors(For(bits), bits, isShared: false), registers, isShared: false);

    /// <summary>Lanes that share a modulus.</summary>
    public static MontgomeryLanes ForOneModulus(int bits, int registers) =>
        Create(For(bits), bits, Vectors(For(bits), bits, isShared: true), registers, isShared: true);

    /// <summary>Lanes of two limbs with a modulus each, which can do <see cref="MontgomeryLanes.SquareScale"/>.</summary>
    public static MontgomeryLanes ForTwoLimbs(int registers)
    {
        const int bits = 100;
        return Create(For(bits) == Kernel.Avx512 ? Kernel.Avx512 : Kernel.Scalar, bits, vectors: 4, registers, isShared: false);
    }

    public static MontgomeryLanes Create(Kernel kernel, int bits, int vectors, int registers, bool isShared) => kernel switch
    {
        Kernel.Avx512 when Avx512Lanes.Fits(bits) => new Avx512Lanes(bits, vectors, registers, isShared),
        Kernel.Avx2 when Avx2Lanes.Fits(bits) => new Avx2Lanes(bits, vectors, registers, isShared),
        _ when bits <= TwoWords.MaxBits => new TwoWordLanes(vectors, registers, isShared),
        _ when ScalarLanes.IsSupported && ScalarLanes.Fits(bits) => new ScalarLanes(bits, vectors, registers, isShared),
        _ => new WordLanes(bits, registers),
    };

    private static Kernel? ReadVariable()
    {
        string? value = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(value))
            return null;
        if (!Enum.TryParse(value, ignoreCase: true, out Kernel kernel) || !Enum.IsDefined(kernel))
            throw new InvalidOperationException($"{Variable}={value}: must be one of {string.Join(", ", Enum.GetNames<Kernel>()).ToLowerInvariant()}.");
        if (!IsSupported(kernel))
            throw new PlatformNotSupportedException($"{Variable}={value}: this processor does not support that kernel.");
        return kernel;
    }

    private static Kernel Choose(int trialBits) => Supported.MinBy(kernel => NanosecondsPerSquaring(kernel, trialBits));

    /// <summary>The best of a few short runs of squarings, per lane.</summary>
    public static double NanosecondsPerSquaring(Kernel kernel, int bits)
    {
        const int runs = 8, atOneBit = 16_384;
        int squarings = Math.Max(4, atOneBit / bits);
        using MontgomeryLanes lanes = Create(kernel, bits, Vectors(kernel, bits, isShared: true), registers: 1, isShared: true);
        var modulus = new ulong[NaturalNumber.WordCount(bits)];
        modulus.AsSpan(0, bits / 64).Fill(ulong.MaxValue / 3);
        modulus[(bits - 1) / 64] |= 1UL << ((bits - 1) % 64);
        lanes.SetAllModuli(modulus);
        lanes.SetAll(0, [3]);
        long best = long.MaxValue;
        for (int run = 0; run < runs; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < squarings; i++)
                lanes.Square(0, 0);
            best = Math.Min(best, Stopwatch.GetTimestamp() - begin);
        }
        return Stopwatch.GetElapsedTime(0, best).TotalNanoseconds / squarings / lanes.Lanes;
    }

    /// <summary>
    /// Vectors that an operation works on in turn: several where it is so short that the latency of one shows. Five of AVX-512 hold the forty bases of
    /// a confirmation.
    /// </summary>
    private static int Vectors(Kernel kernel, int bits, bool isShared)
    {
        int shortBits = kernel == Kernel.Avx512 ? Avx512Lanes.MaxShortBits : 256;
        return bits > shortBits ? 1 : isShared ? 5 : bits <= 152 ? 4 : 2;
    }
}
