using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>A squaring and a multiplication in Montgomery form, for every kernel and size. Figures are per vector: divide them by the number of lanes.</summary>
public class KernelBenchmarks
{
    private const int A = 0, B = 1;
    private MontgomeryLanes _lanes = null!;

    public static IEnumerable<string> Kernels => KernelChoice.Supported.Select(kernel => kernel.ToString());

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    [Params(128, 256, 512, 1_027, 2_050, 4_100, 8_192, 16_610)]
    public int Bits { get; set; }

    public static int Run(string[] options)
    {
        BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(options.Length == 0 ? ["--filter", "*"] : options);
        return 0;
    }

    [GlobalSetup]
    public void Setup()
    {
        _lanes = KernelChoice.Create(Enum.Parse<Kernel>(Kernel), Bits, vectors: 1, registers: 2, isShared: false);
        var modulus = new ulong[NaturalNumber.WordCount(Bits)];
        for (int lane = 0; lane < _lanes.Lanes; lane++)
        {
            modulus.AsSpan(0, Bits / 64).Fill(ulong.MaxValue / (3 + 2 * (ulong)lane));
            modulus[0] |= 1;
            _lanes.SetModulus(lane, modulus);
            _lanes.Set(A, lane, [12345UL + (ulong)lane]);
            _lanes.Set(B, lane, [54321UL + (ulong)lane]);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _lanes.Dispose();

    [Benchmark]
    public void Square() => _lanes.Square(A, A);

    [Benchmark]
    public void Multiply() => _lanes.Multiply(A, A, B);
}
