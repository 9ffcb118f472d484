using System.Text;

namespace PrimeSystem.Primes.Generator;

/// <summary>
/// One method: a loop over vectors of numbers around product scanning in straight-line code. Columns 0 to n − 1 end with a quotient digit, columns n to
/// 2n − 2 with a limb of the result, and the last carry is the top limb. Derived types write the arithmetic of a column.
/// </summary>
/// <remarks>
/// <para>Each column begins with a barrier. It is no instruction, but it keeps the compiler from holding limbs in registers from column to column: it
/// would spill others to the stack, where vectors are not aligned, at several times the cost of reading a limb again.</para>
/// <para>Without AVX-512 a square needs no quotient digit in its first f = ⌊n/2⌋ columns: with x = 1/B^(n − f) mod m in radix B, a column's limb d is worth
/// d·x in the columns from n − f further on (as the quotients of Orup, "Simplifying quotient determination in high-radix modular multiplication", 1995).
/// That saves two multiplications for such a digit, and nothing waits for it. The sum of d·x is below B^f·m, moved by n − f limbs below R·m, as is that
/// of the other quotients. A product is not folded: a product with 1 must come out at most m, which is how numbers are reduced completely.</para>
/// </remarks>
internal abstract class StraightLineMethod(Operation operation, int n)
{
    private readonly StringBuilder _code = new();

    protected Operation Operation => operation;

    /// <summary>Limbs of a number.</summary>
    protected int Limbs => n;

    protected bool IsSquare => operation != Operation.Multiply;

    protected bool IsDoubling => operation == Operation.SquareDouble;

    /// <summary>Whether the column that is being written has no product yet.</summary>
    protected bool IsEmpty { get; private set; }

    /// <summary>What a limb of all lanes is in memory, and what says which lanes double.</summary>
    public abstract (string Limb, string Doubling) Types { get; }

    /// <summary>The usings of the file.</summary>
    public abstract string Usings { get; }

    /// <summary>Limbs from one number to the next.</summary>
    protected virtual int NumberStep => n;

    /// <summary>Where the quotient digits are kept in memory: the declaration. Empty where they are local variables.</summary>
    protected virtual string Scratch => "";

    /// <summary>Columns of a square whose limb is the digit.</summary>
    protected virtual int Folded => IsSquare ? n / 2 : 0;

    public string Write()
    {
        (string limb, string doubling) = Types;
        string second = operation switch { Operation.Square => "", Operation.SquareDouble => $"{doubling}* doubling, ", _ => $"{limb}* b, " };
        string next = operation switch { Operation.Square => "", Operation.SquareDouble => "doubling++, ", _ => $"b += {NumberStep}, " };
        _code.Append($$"""
                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static void {{operation}}{{n}}({{limb}}* result, {{limb}}* a, {{second}}{{limb}}* m, int modulusStep, int vectors)
                {
                    {{Scratch}}
                    for ({{limb}}* end = result + {{NumberStep}} * vectors; result < end; result += {{NumberStep}}, a += {{NumberStep}}, {{next}}m += modulusStep)
                    {

            """);
        Begin();
        for (int column = 0; column < 2 * n - 1; column++)
        {
            Line($"// Column {column}");
            Line("Volatile.ReadBarrier();");
            IsEmpty = true;
            SumOperands(column);
            SumDigits(column);
            if (column < Folded)
                FoldedDigit(column);
            else if (column < n)
                QuotientDigit(column);
            else
                ResultLimb(column);
        }
        TopLimb();
        _code.Append("""
                    }
                }

            """);
        return _code.ToString();
    }

    /// <summary>Reads what a number needs.</summary>
    protected abstract void Begin();

    /// <summary>Adds x·y to a column.</summary>
    protected abstract void Multiply(int column, Operand x, Operand y);

    /// <summary>Adds the product of two different limbs to a column of a square, whose sum is doubled afterwards.</summary>
    protected virtual void MultiplyOffDiagonal(int column, Operand x, Operand y) => Multiply(column, x, y);

    /// <summary>Doubles what a square has twice.</summary>
    protected abstract void Double(int column);

    /// <summary>Adds x² to a column.</summary>
    protected virtual void Square(int column, Operand x) => Multiply(column, x, x);

    /// <summary>Ends a column: its limb is the digit.</summary>
    protected abstract void FoldedDigit(int column);

    /// <summary>Ends a column with a digit that makes it a multiple of the radix. What comes from the column before is added last, so that only the digit waits for it.</summary>
    protected abstract void QuotientDigit(int column);

    /// <summary>Ends a column of the upper half.</summary>
    protected abstract void ResultLimb(int column);

    protected abstract void TopLimb();

    protected void Line(string text) => _code.Append("            ").Append(text).Append('\n');

    protected void Product(string first, string next)
    {
        Line(IsEmpty ? first : next);
        IsEmpty = false;
    }

    private void SumOperands(int column)
    {
        int first = Math.Max(0, column - n + 1);
        if (!IsSquare)
        {
            for (int i = first; i <= Math.Min(column, n - 1); i++)
                Multiply(column, new Operand('a', i), new Operand('b', column - i));
            return;
        }
        for (int i = first; i < column - i; i++)
            MultiplyOffDiagonal(column, new Operand('a', i), new Operand('a', column - i));
        if (!IsEmpty)
            Double(column);
        if (column % 2 == 0)
            Square(column, new Operand('a', column / 2));
    }

    private void SumDigits(int column)
    {
        for (int i = 0; i < Math.Min(column, n); i++)
        {
            int j = i < Folded ? column - i - (n - Folded) : column - i;
            if (j >= 0 && j < n)
                Multiply(column, new Operand('q', i, IsLocal: Scratch.Length == 0), new Operand(i < Folded ? 'x' : 'm', j));
        }
    }
}
