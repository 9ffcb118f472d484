using System.Diagnostics;
using System.Globalization;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>A program in another language, given a second to warm up, that prints how many primes a second it made.</summary>
internal sealed class ProgramPeer(string name, string command, string extension, string source) : IPeer
{
    private const string JavaSource = """
        import java.math.BigInteger;
        import java.security.SecureRandom;
        public class Peer {
            static final SecureRandom random = new SecureRandom();
            static int run(int digits, double seconds) {
                BigInteger low = BigInteger.TEN.pow(digits - 1), span = low.multiply(BigInteger.valueOf(9));
                int found = 0;
                for (long end = System.nanoTime() + (long) (seconds * 1e9); System.nanoTime() < end; found++)
                    new BigInteger(span.bitLength() + 64, random).mod(span).add(low).nextProbablePrime();
                return found;
            }
            public static void main(String[] args) {
                int digits = Integer.parseInt(args[0]);
                run(digits, 1);
                long begin = System.nanoTime();
                int found = run(digits, Double.parseDouble(args[1]));
                System.out.println(found / ((System.nanoTime() - begin) * 1e-9));
            }
        }
        """;

    private const string NodeSource = """
        const { generatePrimeSync } = require('crypto');
        const digits = Number(process.argv[2]), bits = (5n * 10n ** BigInt(digits - 1)).toString(2).length;
        const run = seconds => {
            let found = 0;
            for (const end = performance.now() + seconds * 1000; performance.now() < end; found++) generatePrimeSync(bits);
            return found;
        };
        run(1);
        const begin = performance.now(), found = run(Number(process.argv[3]));
        console.log(found / ((performance.now() - begin) / 1000));
        """;

    public string Name => name;

    public static ProgramPeer Java => new("java", "java", "java", JavaSource);

    public static ProgramPeer Node => new("node", "node", "js", NodeSource);

    public bool IsInstalled => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, command))) ?? false;

    public double PrimesPerSecond(int digits, double seconds)
    {
        string folder = Directory.CreateTempSubdirectory("peer-").FullName;
        try
        {
            string file = Path.Combine(folder, "Peer." + extension);
            File.WriteAllText(file, source);
            var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in new[] { file, $"{digits}", string.Create(CultureInfo.InvariantCulture, $"{seconds}") })
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return double.TryParse(output.Trim(), CultureInfo.InvariantCulture, out double rate) ? rate : double.NaN;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
