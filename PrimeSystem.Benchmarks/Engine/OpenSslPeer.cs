using System.Runtime.InteropServices;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>OpenSSL's <c>BN_generate_prime_ex</c>, which chooses its own start of the same number of bits.</summary>
internal sealed partial class OpenSslPeer : IPeer
{
    private const string Library = "libcrypto.so.3";

    public string Name => "openssl";

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    public double PrimesPerSecond(int digits, double seconds)
    {
        int bits = RandomStart.Bits(digits), found = 0;
        nint number = New();
        double begin = ProcessorTime.OfThread(), now;
        do
        {
            if (GeneratePrime(number, bits, 0, 0, 0, 0) != 1)
                throw new InvalidOperationException("BN_generate_prime_ex failed.");
            found++;
            now = ProcessorTime.OfThread();
        }
        while (now - begin < seconds);
        Free(number);
        return found / (now - begin);
    }

    [LibraryImport(Library, EntryPoint = "BN_new")]
    private static partial nint New();

    [LibraryImport(Library, EntryPoint = "BN_free")]
    private static partial void Free(nint number);

    [LibraryImport(Library, EntryPoint = "BN_generate_prime_ex")]
    private static partial int GeneratePrime(nint number, int bits, int safe, nint add, nint remainder, nint callback);
}
