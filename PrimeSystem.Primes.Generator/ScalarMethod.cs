namespace PrimeSystem.Primes.Generator;

/// <summary>Columns of two lanes in radix 2⁵²: l and k sum the low halves of either lane as integers, h the high halves of both as doubles (<c>ScalarColumn</c>).</summary>
internal sealed class ScalarMethod(Operation operation, int n) : StraightLineMethod(operation, n)
{
    public override (string Limb, string Doubling) Types => ("LimbPair", "Doubling");

    public override string Usings => """
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics;
        using System.Threading;
        using static PrimeSystem.Primes.Arithmetic.Portable.ScalarColumn;
        using Doubles = System.Runtime.Intrinsics.Vector128<double>;
        """;

    protected override int NumberStep => Limbs + 1;

    protected override string Scratch => $"LimbPair* q = stackalloc LimbPair[{Limbs}];";

    protected override void Begin()
    {
        if (IsSquare)
            Line($"LimbPair* x = m + {Limbs + 2};");
        if (IsDoubling)
            Line("Doubling own = *doubling;");
        Line("ulong carry0 = 0, carry1 = 0;");
    }

    protected override void Multiply(int column, Operand x, Operand y) => Product(
        $"ulong l{column} = {x}.First * {y}.First, k{column} = {x}.Second * {y}.Second; Doubles h{column} = Vector128.FusedMultiplyAdd({x}.Reals, {y}.Reals, Offset);",
        $"l{column} += {x}.First * {y}.First; k{column} += {x}.Second * {y}.Second; h{column} = Vector128.FusedMultiplyAdd({x}.Reals, {y}.Reals, h{column});");

    protected override void Double(int column) => Line(IsDoubling
        ? $"l{column} <<= own.Shift0 + 1; k{column} <<= own.Shift1 + 1; h{column} = Vector128.FusedMultiplyAdd(h{column}, own.Twice, own.MinusOffset);"
        : $"l{column} += l{column}; k{column} += k{column}; h{column} = Doubled(h{column});");

    protected override void Square(int column, Operand x)
    {
        if (!IsDoubling)
            Multiply(column, x, x);
        else
            Product(
                $"ulong l{column} = ({x}.First * {x}.First) << own.Shift0, k{column} = ({x}.Second * {x}.Second) << own.Shift1; Doubles h{column} = Vector128.FusedMultiplyAdd({x}.Reals, {x}.Reals * own.Once, Offset);",
                $"l{column} += ({x}.First * {x}.First) << own.Shift0; k{column} += ({x}.Second * {x}.Second) << own.Shift1; h{column} = Vector128.FusedMultiplyAdd({x}.Reals, {x}.Reals * own.Once, h{column});");
    }

    protected override void FoldedDigit(int column) =>
        Line($"End(l{column} + carry0, k{column} + carry1, h{column}, q + {column}, out carry0, out carry1);");

    protected override void QuotientDigit(int column) =>
        Line($"Quotient(l{column} + carry0, k{column} + carry1, h{column}, m, m + {Limbs + 1}, q + {column}, out carry0, out carry1);");

    protected override void ResultLimb(int column) =>
        Line($"End(l{column} + carry0, k{column} + carry1, h{column}, result + {column - Limbs}, out carry0, out carry1);");

    protected override void TopLimb() => Line($"result[{Limbs - 1}].Set(carry0, carry1);");
}
