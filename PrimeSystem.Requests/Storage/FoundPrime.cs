using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace PrimeSystem.Requests.Storage;

/// <summary>A prime as it is stored: its decimal digits, and their SHA-256, which is unique within a request.</summary>
public readonly record struct FoundPrime(string Value, byte[] Digest)
{
    private const int MaxStackBytes = 1_024;

    public static FoundPrime From(BigInteger prime)
    {
        string value = prime.ToString(CultureInfo.InvariantCulture);
        Span<byte> ascii = value.Length <= MaxStackBytes ? stackalloc byte[value.Length] : new byte[value.Length];
        Encoding.ASCII.GetBytes(value, ascii);
        return new FoundPrime(value, SHA256.HashData(ascii));
    }
}
