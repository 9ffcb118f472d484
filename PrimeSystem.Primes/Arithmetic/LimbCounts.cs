namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The numbers of limbs that <see cref="StraightLineKernel{TColumn, TLimb, TCarry, TContext}"/> is compiled for.</summary>
internal static class LimbCounts
{
    internal readonly struct Limbs3 : ILimbCount
    {
        public static int Value => 3;
    }

    internal readonly struct Limbs4 : ILimbCount
    {
        public static int Value => 4;
    }

    internal readonly struct Limbs5 : ILimbCount
    {
        public static int Value => 5;
    }

    internal readonly struct Limbs6 : ILimbCount
    {
        public static int Value => 6;
    }

    internal readonly struct Limbs7 : ILimbCount
    {
        public static int Value => 7;
    }

    internal readonly struct Limbs8 : ILimbCount
    {
        public static int Value => 8;
    }

    internal readonly struct Limbs9 : ILimbCount
    {
        public static int Value => 9;
    }

    internal readonly struct Limbs10 : ILimbCount
    {
        public static int Value => 10;
    }

    internal readonly struct Limbs11 : ILimbCount
    {
        public static int Value => 11;
    }

    internal readonly struct Limbs12 : ILimbCount
    {
        public static int Value => 12;
    }
}
