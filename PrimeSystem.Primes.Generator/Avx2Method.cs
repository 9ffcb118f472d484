namespace PrimeSystem.Primes.Generator;

/// <summary>Columns of four lanes in radix 2⁵¹: l sums low halves and h high halves, both as integers with their bias (<c>Radix51</c>).</summary>
internal sealed class Avx2Method(Operation operation, int n) : StraightLineMethod(operation, n)
{
    /// <summary>The weight of the products in the column that is being written, whose bias is not removed yet.</summary>
    private int _bias;

    public override (string Limb, string Doubling) Types => ("Doubles", "Words");

    public override string Usings => """
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics;
        using System.Runtime.Intrinsics.X86;
        using System.Threading;
        using static PrimeSystem.Primes.Arithmetic.Avx2.Radix51;
        using Doubles = System.Runtime.Intrinsics.Vector256<double>;
        using Words = System.Runtime.Intrinsics.Vector256<ulong>;
        """;

    protected override void Begin()
    {
        Line("Doubles highOffset = HighOffset, lowOffset = LowOffset;");
        if (IsSquare)
            Line($"Doubles* x = m + {Limbs} + QuotientConstants;");
        if (IsDoubling)
            Line("Words shift = *doubling + Words.One; Doubles once = ToDouble(shift);");
        Line("Words carry = Words.Zero;");
    }

    protected override void Multiply(int column, Operand x, Operand y) => Multiply(column, $"{x}", $"{y}");

    protected override void Double(int column)
    {
        if (!IsDoubling)
        {
            Line($"l{column} += l{column}; h{column} += h{column};");
            _bias *= 2;
            return;
        }
        RemoveBias(column);
        Line($"l{column} = ShiftLeft(l{column}, shift); h{column} = ShiftLeft(h{column}, shift);");
    }

    protected override void Square(int column, Operand x) => Multiply(column, $"{x}", IsDoubling ? $"{x} * once" : $"{x}");

    protected override void FoldedDigit(int column)
    {
        RemoveBias(column);
        Line($"l{column} += carry; Doubles q{column} = ToDouble(l{column} & LimbMask); carry = h{column} + Carry(l{column});");
    }

    protected override void QuotientDigit(int column)
    {
        RemoveBias(column);
        Line($"carry = h{column} + Quotient(l{column} + carry, m[0], m + {Limbs}, out Doubles q{column});");
    }

    protected override void ResultLimb(int column)
    {
        RemoveBias(column);
        Line($"l{column} += carry; result[{column - Limbs}] = ToDouble(l{column} & LimbMask); carry = h{column} + Carry(l{column});");
    }

    protected override void TopLimb() => Line($"result[{Limbs - 1}] = ToDouble(carry);");

    private void Multiply(int column, string x, string y)
    {
        (string low, string high, string p) = ($"l{column}", $"h{column}", $"p{column}");
        string sum = $"Fma.MultiplyAdd({x}, {y}, highOffset)", rest = $"Fma.MultiplyAdd({x}, {y}, lowOffset - {p}).AsUInt64()";
        Product(
            $"Doubles {p} = {sum}; Words {high} = {p}.AsUInt64(), {low} = {rest};",
            $"{p} = {sum}; {high} += {p}.AsUInt64(); {low} += {rest};");
        _bias++;
    }

    private void RemoveBias(int column)
    {
        Line($"l{column} -= LowBiasOf({_bias}); h{column} -= HighBiasOf({_bias});");
        _bias = 0;
    }
}
