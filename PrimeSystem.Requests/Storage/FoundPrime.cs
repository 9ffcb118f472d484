using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace PrimeSystem.Requests.Storage;

/// <summary>A prime as it is stored: its decimal digits and their SHA-256, over which primes are distinct within a request.</summary>
public readonly record struct FoundPrime(string Value, byte[] Digest)
{
    public static FoundPrime From(BigInteger prime)
    {
        string value = prime.ToString(CultureInfo.InvariantCulture);
        return new FoundPrime(value, SHA256.HashData(Encoding.ASCII.GetBytes(value)));
    }
}
