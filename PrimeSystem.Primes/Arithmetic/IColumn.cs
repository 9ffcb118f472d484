namespace PrimeSystem.Primes.Arithmetic;

/// <summary>The sum of the products of one column of a long multiplication, in several lanes: what differs between kernels (<see cref="StraightLineKernel{TColumn, TLimb, TCarry, TContext}"/>).</summary>
/// <typeparam name="TSelf">The column.</typeparam>
/// <typeparam name="TLimb">A limb in memory, of all lanes.</typeparam>
/// <typeparam name="TCarry">What a column hands to the next.</typeparam>
/// <typeparam name="TContext">What a whole multiplication keeps at hand: which lanes double a square, and constants.</typeparam>
internal unsafe interface IColumn<TSelf, TLimb, TCarry, TContext>
    where TLimb : unmanaged
{
    /// <summary>The most limbs for which a column bears all its products: weight 3n.</summary>
    static abstract int MaxLimbs { get; }

    static abstract TSelf Empty { get; }

    /// <summary>No lane doubles.</summary>
    static abstract TContext Plain { get; }

    /// <summary>Where the numbers that folded digits are multiplied with stand, in limbs from the modulus.</summary>
    static abstract int FoldAt(int n);

    /// <summary>Adds Σ x[i] · y[−i] for 0 ≤ i &lt; count, a constant. Not a call per product: the compiler inlines some hundreds of calls and then no more.</summary>
    void Sum(TLimb* x, TLimb* y, int count, ref TContext context);

    /// <summary>Twice what a square has twice, and once more in lanes that double.</summary>
    void Double(ref TContext context);

    /// <summary>Adds x², twice in lanes that double.</summary>
    void AddSquare(TLimb* x, ref TContext context);

    /// <summary>Ends a column with the quotient digit that makes it a multiple of the radix.</summary>
    void Quotient(TLimb* digit, TLimb* m, int n, ref TCarry carry);

    /// <summary>Ends a column with its limb.</summary>
    void End(TLimb* limb, ref TCarry carry);

    /// <summary>Writes the last carry, a limb.</summary>
    static abstract void Store(TLimb* limb, TCarry carry);
}
