using System.Security.Cryptography;
using static PrimeSystem.Benchmarks.Engine.Gmp;

namespace PrimeSystem.Benchmarks.Engine;

/// <summary>
/// GMP's <c>mpz_nextprime</c> from a uniform start, followed by as many Miller–Rabin rounds as wanted: <c>mpz_powm</c> with a base from
/// <c>mpz_urandomm</c>. With 40 rounds it does the work that we do.
/// </summary>
internal sealed unsafe class GmpPeer(int rounds) : IPeer
{
    public string Name => rounds == 0 ? "gmp" : $"gmp+{rounds}";

    public double PrimesPerSecond(int digits, double seconds)
    {
        Integer number = default, minusOne = default, exponent = default, power = default;
        RandomState random = default;
        Init(&number);
        Init(&minusOne);
        Init(&exponent);
        Init(&power);
        Init(&random);
        Seed(&random, (nuint)RandomNumberGenerator.GetInt32(int.MaxValue));
        int found = 0;
        double begin = ProcessorTime.OfThread(), now;
        do
        {
            Set(&number, RandomStart.OfDigits(digits));
            do
                NextPrime(&number, &number);
            while (!PassesRounds(&number, &minusOne, &exponent, &power, &random));
            found++;
            now = ProcessorTime.OfThread();
        }
        while (now - begin < seconds);
        Clear(&number);
        Clear(&minusOne);
        Clear(&exponent);
        Clear(&power);
        Clear(&random);
        return found / (now - begin);
    }

    private bool PassesRounds(Integer* number, Integer* minusOne, Integer* exponent, Integer* power, RandomState* random)
    {
        Subtract(minusOne, number, 1);
        nuint twos = LowestBit(minusOne, 0);
        ShiftRight(exponent, minusOne, twos);
        for (int round = 0; round < rounds; round++)
        {
            do
                RandomBelow(power, random, number);
            while (Compare(power, 0) == 0);
            Power(power, power, exponent, number);
            bool passes = Compare(power, 1) == 0 || Compare(power, minusOne) == 0;
            for (nuint i = 1; i < twos && !passes; i++)
            {
                Power(power, power, 2, number);
                passes = Compare(power, minusOne) == 0;
            }
            if (!passes)
                return false;
        }
        return true;
    }
}
