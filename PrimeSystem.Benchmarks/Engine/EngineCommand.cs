using System.Globalization;
using System.Text.Json;
using PrimeSystem.Primes;
using PrimeSystem.Primes.Arithmetic;
using PrimeSystem.Primes.Arithmetic.Selection;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>
/// <c>engine</c>: primes per second, ours and those of the peers on this machine. Peers take turns for several rounds of one run, so that a change of the
/// machine's speed affects all alike. Prints medians, and the median of the ratios taken round by round.
/// </summary>
internal static class EngineCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static int Run(string[] options)
    {
        int[] sizes = [12, 20, 38, 60, 77, 100, 155, 309, 617, 1_234];
        double seconds = 2;
        int rounds = 5, cores = 1;
        bool isJson = false;
        string[]? wanted = null;
        for (int i = 0; i < options.Length; i++)
        {
            string Value() => ++i < options.Length ? options[i] : throw new ArgumentException($"{options[i - 1]} needs a value.");
            switch (options[i])
            {
                case "--digits": sizes = [.. Value().Split(',').Select(int.Parse)]; break;
                case "--seconds": seconds = double.Parse(Value(), CultureInfo.InvariantCulture); break;
                case "--rounds": rounds = int.Parse(Value(), CultureInfo.InvariantCulture); break;
                case "--cores": cores = int.Parse(Value(), CultureInfo.InvariantCulture); break;
                case "--kernel": KernelChoice.Force(Enum.Parse<Kernel>(Value(), ignoreCase: true)); break;
                case "--peers": wanted = Value().Split(','); break;
                case "--json": isJson = true; break;
                default: throw new ArgumentException($"Unknown option {options[i]}.");
            }
        }

        var ours = new OurPeer(cores);
        IPeer[] peers = [ours, .. Installed().Where(peer => wanted is null || wanted.Contains(peer.Name))];
        if (!isJson)
            Console.WriteLine($"{cores} core(s), medians of {rounds} rounds in turn, {seconds} s each; in brackets: ours / theirs");
        var progress = new EngineProgress(sizes.Length, rounds, peers.Length, seconds);
        var results = new List<Row>();
        foreach (int digits in sizes)
        {
            double[][] rates = [.. peers.Select(_ => new double[rounds])];
            ours.PrimesPerSecond(digits, seconds / 4);
            for (int round = 0; round < rounds; round++)
            {
                for (int p = 0; p < peers.Length; p++)
                {
                    progress.Begin(digits, round + 1, peers[p].Name);
                    rates[p][round] = peers[p].PrimesPerSecond(digits, seconds);
                }
            }
            EngineProgress.Clear();
            results.Add(new Row(
                digits, KernelOf(digits), Median(rates[0]),
                peers.Select((peer, p) => (peer.Name, Rate: Median(rates[p]))).Skip(1).Where(r => !double.IsNaN(r.Rate)).ToDictionary(r => r.Name, r => r.Rate)));
            if (!isJson)
                Print(digits, peers, rates);
        }
        if (isJson)
            Console.WriteLine(JsonSerializer.Serialize(new { engine = results }, Json));
        return 0;
    }

    private static IEnumerable<IPeer> Installed()
    {
        if (Gmp.IsInstalled)
        {
            yield return new GmpPeer(rounds: 0);
            yield return new GmpPeer(Primality.DefaultRounds);
        }
        if (OpenSslPeer.IsInstalled)
            yield return new OpenSslPeer();
        if (ProgramPeer.Java.IsInstalled)
            yield return ProgramPeer.Java;
        if (ProgramPeer.Node.IsInstalled)
            yield return ProgramPeer.Node;
        yield return new BigIntegerPeer();
    }

    private static void Print(int digits, IPeer[] peers, double[][] rates)
    {
        Console.Write($"{digits,6} digits, {KernelOf(digits)}: {Median(rates[0]),12:0.###}/s");
        for (int p = 1; p < peers.Length; p++)
        {
            double[] ratios = [.. rates[0].Zip(rates[p], (our, their) => our / their)];
            Console.Write($"   {peers[p].Name} {Median(rates[p]):0.###} ({Median(ratios):0.00})");
        }
        Console.WriteLine();
    }

    private static string KernelOf(int digits) => KernelChoice.For(RandomStart.Bits(digits)).ToString().ToLowerInvariant();

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Row(int Digits, string Kernel, double PrimesPerSecond, Dictionary<string, double> Peers);
}
