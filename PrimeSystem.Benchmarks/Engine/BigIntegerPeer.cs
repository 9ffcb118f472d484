using System.Numerics;
using System.Security.Cryptography;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>A straightforward <c>BigInteger</c> loop: odd numbers from a random start, a little trial division, 40 Miller–Rabin rounds.</summary>
internal sealed class BigIntegerPeer : IPeer
{
    private const int Rounds = 40;
    private static readonly int[] SmallPrimes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];

    public string Name => "biginteger";

    public double PrimesPerSecond(int digits, double seconds)
    {
        int found = 0;
        double begin = ProcessorTime.OfThread(), now;
        do
        {
            BigInteger n = RandomStart.OfDigits(digits) | BigInteger.One;
            while (!IsProbablePrime(n))
                n += 2;
            found++;
            now = ProcessorTime.OfThread();
        }
        while (now - begin < seconds);
        return found / (now - begin);
    }

    private static bool IsProbablePrime(BigInteger n)
    {
        foreach (int p in SmallPrimes)
            if (n % p == 0)
                return n == p;
        BigInteger minusOne = n - 1;
        int twos = (int)BigInteger.TrailingZeroCount(minusOne);
        var bytes = new byte[n.GetByteCount() + 1];
        for (int round = 0; round < Rounds; round++)
        {
            RandomNumberGenerator.Fill(bytes);
            BigInteger power = BigInteger.ModPow(new BigInteger(bytes, isUnsigned: true) % (n - 3) + 2, minusOne >> twos, n);
            bool passes = power.IsOne || power == minusOne;
            for (int i = 1; i < twos && !passes; i++)
            {
                power = power * power % n;
                passes = power == minusOne;
            }
            if (!passes)
                return false;
        }
        return true;
    }
}
