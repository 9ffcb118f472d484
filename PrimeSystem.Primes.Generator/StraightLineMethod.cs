using System.Text;

namespace PrimeSystem.Primes.Generator;

/// <summary>
/// One method: a loop over vectors of eight numbers around product scanning in straight-line code. Columns 0 to n − 1 end with a quotient digit, columns
/// n to 2n − 2 with a limb of the result, and the last carry is the top limb.
/// </summary>
/// <remarks>
/// What was measured (Zen 4) and shapes the code: a vector that the compiler spills lands on an unaligned stack and costs several times a load of the
/// limb, so each column begins with a barrier, which is no instruction but keeps the compiler from holding limbs across columns. The quotient digits,
/// two registers each, stay in registers; the doubles of the operand's first limbs take what is left of 32.
/// </remarks>
internal sealed class StraightLineMethod(Operation operation, int n)
{
    /// <summary>Up to so many limbs registers hold twice the limbs of a square, too; above, each column's sum is doubled.</summary>
    private const int MaxDoubledLimbs = 5;

    private readonly StringBuilder _code = new();
    private bool _isEmpty;

    private bool IsSquare => operation != Operation.Multiply;

    private bool HoldsDoubledLimbs => IsSquare && n <= MaxDoubledLimbs;

    /// <summary>Limbs whose doubles stay in registers. One more was measured to be spilled.</summary>
    private int HeldLimbs
    {
        get
        {
            int registers = operation switch { Operation.Square => 21, Operation.SquareDouble => 20, _ => 22 };
            return Math.Max(0, Math.Min(n, registers - 2 * n));
        }
    }

    public string Write()
    {
        string second = operation switch { Operation.Square => "", Operation.SquareDouble => "Words* doubling, ", _ => "Words* b, " };
        string next = operation switch { Operation.Square => "", Operation.SquareDouble => "doubling++, ", _ => $"b += {n}, " };
        _code.Append($$"""
                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static void {{operation}}{{n}}(Words* result, Words* a, {{second}}Words* m, int modulusStep, int vectors)
                {
                    for (Words* end = result + {{n}} * vectors; result < end; result += {{n}}, a += {{n}}, {{next}}m += modulusStep)
                    {
                        Doubles* md = (Doubles*)m + {{n}};
                        Words inverse = m[{{2 * n}}];
                        Doubles factor = md[{{n + 1}}], offset = md[{{n + 2}}];

            """);
        for (int i = 0; i < HeldLimbs; i++)
            Line($"Doubles a{i}d = ToDouble(a[{i}]);");
        for (int i = 0; i < n - 1 && HoldsDoubledLimbs; i++)
            Line($"Words z{i} = a[{i}] + a[{i}]; Doubles z{i}d = a{i}d + a{i}d;");
        for (int column = 0; column < 2 * n - 1; column++)
        {
            Products(column);
            if (column < n)
                QuotientDigit(column);
            else
                Limb(column);
        }
        Line($"result[{n - 1}] = {Shifted($"carry{2 * n - 2}")} + rest;");
        _code.Append("""
                    }
                }

            """);
        return _code.ToString();
    }

    /// <summary>Sums l (low halves) and h (high halves) of a column: the products of the operands, then those of the quotient digits.</summary>
    private void Products(int column)
    {
        Line($"// Column {column}");
        _isEmpty = true;
        int first = Math.Max(0, column - n + 1);
        if (IsSquare)
            SquareProducts(column, first);
        else
            for (int i = first; i <= Math.Min(column, n - 1); i++)
                Product(column, $"a[{i}]", Double("a", i), $"b[{column - i}]", Double("b", column - i));
        for (int i = first; i < Math.Min(column, n); i++)
            Product(column, $"q{i}", $"q{i}d", $"m[{column - i}]", $"md[{column - i}]");
    }

    private void SquareProducts(int column, int first)
    {
        for (int i = first; i < column - i; i++)
            Product(
                column, HoldsDoubledLimbs ? $"z{i}" : $"a[{i}]", HoldsDoubledLimbs ? $"z{i}d" : Double("a", i), $"a[{column - i}]", Double("a", column - i));
        if (!HoldsDoubledLimbs && !_isEmpty)
            Line($"l{column} += l{column}; h{column} = Doubled(h{column});");
        if (column % 2 == 0)
            Product(column, $"a[{column / 2}]", Double("a", column / 2), $"a[{column / 2}]", Double("a", column / 2));
    }

    private void Product(int column, string x, string xd, string y, string yd)
    {
        (string low, string high) = ($"l{column}", $"h{column}");
        Line(_isEmpty
            ? $"Doubles {high} = Avx512F.FusedMultiplyAdd({xd}, {yd}, Offset); Words {low} = Avx512DQ.MultiplyLow({x}, {y});"
            : $"{high} = Avx512F.FusedMultiplyAdd({xd}, {yd}, {high}); {low} += Avx512DQ.MultiplyLow({x}, {y});");
        _isEmpty = false;
    }

    /// <summary>Ends a column of the lower half. What comes from the column before is added last, so that only the digit waits for it.</summary>
    private void QuotientDigit(int column)
    {
        if (column > 0)
            Line($"l{column} += carry{column - 1}; l{column} += late{column - 1};");
        Line($"Words carry{column} = Quotient(l{column}, h{column}, factor, offset, inverse, out Words q{column}, out Doubles q{column}d, out Words late{column});");
        if (column == n - 1)
            Line($"carry{column} += late{column}; Words rest = Words.Zero;");
        Line("Volatile.ReadBarrier();");
    }

    /// <summary>Ends a column of the upper half.</summary>
    private void Limb(int column)
    {
        Line($"rest += {Shifted($"(Low(l{column}, h{column}) + carry{column - 1})")};");
        Line($"result[{column - n}] = rest & LimbMask;");
        Line("rest = LowCarry(rest);");
        Line($"Words carry{column} = HighCarry(h{column});");
    }

    private string Shifted(string sum) => operation == Operation.SquareDouble ? $"Avx512F.ShiftLeftLogicalVariable({sum}, *doubling)" : sum;

    private string Double(string operand, int i) => operand == "a" && i < HeldLimbs ? $"a{i}d" : $"Avx512DQ.ConvertToVector512Double({operand}[{i}])";

    private void Line(string text) => _code.Append("            ").Append(text).Append('\n');
}
