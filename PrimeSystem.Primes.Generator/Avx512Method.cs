namespace PrimeSystem.Primes.Generator;

/// <summary>Columns of eight lanes in radix 2⁵²: l sums low halves as integers, h high halves as doubles (<c>Radix52</c>).</summary>
/// <remarks>The quotient digits stay in registers, two each; the doubles of the first operand's first limbs take what is left of 32.</remarks>
internal sealed class Avx512Method(Operation operation, int n) : StraightLineMethod(operation, n)
{
    /// <summary>Up to so many limbs registers hold twice the limbs of a square, too; above, each column's sum is doubled.</summary>
    private const int MaxDoubledLimbs = 5;

    public override (string Limb, string Doubling) Types => ("Words", "Words");

    public override string Usings => """
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics.X86;
        using System.Threading;
        using static PrimeSystem.Primes.Arithmetic.Avx512.Radix52;
        using Doubles = System.Runtime.Intrinsics.Vector512<double>;
        using Words = System.Runtime.Intrinsics.Vector512<ulong>;
        """;

    protected override int Folded => 0;

    private bool HoldsDoubledLimbs => IsSquare && Limbs <= MaxDoubledLimbs;

    /// <summary>Limbs whose doubles stay in registers. With one more the compiler was seen to spill.</summary>
    private int HeldLimbs
    {
        get
        {
            int registers = Operation switch { Operation.Square => 21, Operation.SquareDouble => 20, _ => 22 };
            return Math.Max(0, Math.Min(Limbs, registers - 2 * Limbs));
        }
    }

    protected override void Begin()
    {
        Line($"Doubles* md = (Doubles*)m + {Limbs};");
        Line($"Words inverse = m[{2 * Limbs}];");
        Line($"Doubles factor = md[{Limbs + 1}], offset = md[{Limbs + 2}];");
        for (int i = 0; i < HeldLimbs; i++)
            Line($"Doubles a{i}d = ToDouble(a[{i}]);");
        for (int i = 0; i < Limbs - 1 && HoldsDoubledLimbs; i++)
            Line($"Words z{i} = a[{i}] + a[{i}]; Doubles z{i}d = a{i}d + a{i}d;");
    }

    protected override void Multiply(int column, Operand x, Operand y) => Multiply(column, $"{x}", AsDouble(x), y);

    protected override void MultiplyOffDiagonal(int column, Operand x, Operand y)
    {
        if (HoldsDoubledLimbs)
            Multiply(column, $"z{x.Index}", $"z{x.Index}d", y);
        else
            Multiply(column, x, y);
    }

    protected override void Double(int column)
    {
        if (!HoldsDoubledLimbs)
            Line($"l{column} += l{column}; h{column} = Doubled(h{column});");
    }

    protected override void FoldedDigit(int column) => throw new NotSupportedException();

    protected override void QuotientDigit(int column)
    {
        if (column > 0)
            Line($"l{column} += carry{column - 1}; l{column} += late{column - 1};");
        Line($"Words carry{column} = Quotient(l{column}, h{column}, factor, offset, inverse, out Words q{column}, out Doubles q{column}d, out Words late{column});");
        if (column == Limbs - 1)
            Line($"carry{column} += late{column}; Words rest = Words.Zero;");
    }

    protected override void ResultLimb(int column)
    {
        Line($"rest += {Shifted($"(Low(l{column}, h{column}) + carry{column - 1})")};");
        Line($"result[{column - Limbs}] = rest & LimbMask;");
        Line("rest = LowCarry(rest);");
        Line($"Words carry{column} = HighCarry(h{column});");
    }

    protected override void TopLimb() => Line($"result[{Limbs - 1}] = {Shifted($"carry{2 * Limbs - 2}")} + rest;");

    // The intrinsics themselves: a method around them costs local variables, and the compiler tracks about a thousand.
    private void Multiply(int column, string x, string xd, Operand y) => Product(
        $"Doubles h{column} = Avx512F.FusedMultiplyAdd({xd}, {AsDouble(y)}, Offset); Words l{column} = Avx512DQ.MultiplyLow({x}, {y});",
        $"h{column} = Avx512F.FusedMultiplyAdd({xd}, {AsDouble(y)}, h{column}); l{column} += Avx512DQ.MultiplyLow({x}, {y});");

    private string Shifted(string sum) => IsDoubling ? $"Avx512F.ShiftLeftLogicalVariable({sum}, *doubling)" : sum;

    private string AsDouble(Operand limb) => limb.Array switch
    {
        'q' => $"q{limb.Index}d",
        'm' => $"md[{limb.Index}]",
        'a' when limb.Index < HeldLimbs => $"a{limb.Index}d",
        _ => $"Avx512DQ.ConvertToVector512Double({limb})",
    };
}
