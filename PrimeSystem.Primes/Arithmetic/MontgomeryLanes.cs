
namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Numbers in Montgomery form (Montgomery, "Modular multiplication without trial division", 1985) modulo many odd moduli at once, one modulus per lane
/// of a vector: the arithmetic of the primality tests, whatever the processor.
/// </summary>
/// <remarks>
/// <para>Why it is fast: candidates are independent, so no carry crosses a lane and every instruction works for all of them.</para>
/// <para>An instance owns a few registers, each holding one number per lane. With R = 2^(LimbBits·Limbs) ≥ 16m, a register's numbers stay below 4m;
/// they are reduced completely by a multiplication with 1, whose result is at most m (<c>TwoWordLanes</c> has no such room, and always reduces).
/// Derived types are the kernels; <c>KernelChoice</c> chooses among them.</para>
/// </remarks>
internal abstract class MontgomeryLanes : IDisposable
{
    /// <summary>Bits of room between a modulus and R: R ≥ 16m.</summary>
    protected const int Slack = 4;

    protected MontgomeryLanes(int bits, int limbBits, int lanes)
    {
        LimbBits = limbBits;
        Limbs = LimbCount(bits, limbBits);
        Lanes = lanes;
    }

    /// <summary>The radix is 2^LimbBits.</summary>
    public int LimbBits { get; }

    /// <summary>Limbs per number.</summary>
    public int Limbs { get; }

    /// <summary>Numbers per register.</summary>
    public int Lanes { get; }

    /// <summary>Gives one lane its modulus: odd, and of no more bits than the lanes were made for.</summary>
    public abstract void SetModulus(int lane, ReadOnlySpan<ulong> modulus);

    /// <summary>Gives all lanes the same modulus.</summary>
    public virtual void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        for (int lane = 0; lane < Lanes; lane++)
            SetModulus(lane, modulus);
    }

    /// <summary>Writes the same number into all lanes of a register.</summary>
    public virtual void SetAll(int register, ReadOnlySpan<ulong> number)
    {
        for (int lane = 0; lane < Lanes; lane++)
            Set(register, lane, number);
    }

    /// <summary>Fills a register with independent numbers, each uniform in [1, modulus), where all lanes have this modulus.</summary>
    public virtual void Randomize(int register, ReadOnlySpan<ulong> modulus, RandomSource random)
    {
        Span<ulong> number = modulus.Length <= 64 ? stackalloc ulong[modulus.Length] : new ulong[modulus.Length];
        int bits = NaturalNumber.BitLength(modulus);
        for (int lane = 0; lane < Lanes; lane++)
        {
            do
                random.NextBelow(modulus, bits, number);
            while (NaturalNumber.IsZero(number));
            Set(register, lane, number);
        }
        number.Clear();
    }

    /// <summary>Bit i is set when lane i of the two registers holds the same number.</summary>
    public abstract ulong Equal(int a, int b);

    /// <summary>Writes a number below 4m into one lane of a register as it is, without a conversion to Montgomery form; 1 also before the lane has its modulus.</summary>
    public abstract void Set(int register, int lane, ReadOnlySpan<ulong> number);

    /// <summary>Reads one lane of a register as it is; <paramref name="number"/> must hold <see cref="Limbs"/> limbs or the number's bits.</summary>
    public abstract void Get(int register, int lane, Span<ulong> number);

    /// <summary>result = a² / R in every lane.</summary>
    public abstract void Square(int result, int a);

    /// <summary>Squares a register in place, several times: the steps of a ladder between two multiplications.</summary>
    public virtual void SquareTimes(int register, int times)
    {
        for (int i = 0; i < times; i++)
            Square(register, register);
    }

    /// <summary>
    /// result = a² / R, doubled in the lanes whose exponent has <paramref name="bit"/> set: a step of a base-2 ladder, in which no multiplication
    /// occurs.
    /// </summary>
    /// <param name="result">The register to write.</param>
    /// <param name="a">The register to square.</param>
    /// <param name="exponents">One word per lane.</param>
    /// <param name="bit">The bit of those words, 0 to 63.</param>
    public abstract void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit);

    /// <summary>
    /// result = a² / R, times <paramref name="factor"/> in the lanes whose exponent has <paramref name="bit"/> set: a step of a ladder to a small base.
    /// </summary>
    /// <remarks>Only for two limbs and moduli below R/2²⁰: numbers then stay below 2·factor·m for factors up to 64, far below R.</remarks>
    /// <inheritdoc cref="SquareDouble" path="/param"/>
    /// <exception cref="NotSupportedException">The kernel is not one that <c>KernelChoice.ForTwoLimbs</c> chooses.</exception>
    public virtual void SquareScale(int result, int a, ReadOnlySpan<ulong> exponents, int bit, int factor) =>
        throw new NotSupportedException("Numbers of two limbs have kernels of their own.");

    /// <summary>result = a · b / R in every lane.</summary>
    public abstract void Multiply(int result, int a, int b);

    /// <summary>Copies a register.</summary>
    public abstract void Copy(int result, int a);

    public abstract void Dispose();

    public static int LimbCount(int bits, int limbBits) => (bits + Slack + limbBits - 1) / limbBits;
}
