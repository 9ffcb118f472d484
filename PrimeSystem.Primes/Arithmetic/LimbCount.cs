namespace PrimeSystem.Primes.Arithmetic;

/// <summary>How many limbs a number has, as a constant for the compiler: a method with such a type parameter is compiled anew for each, and what depends on it folded.</summary>
internal interface ILimbCount
{
    static abstract int Value { get; }
}

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
