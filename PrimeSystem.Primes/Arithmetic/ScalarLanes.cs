using System.Runtime.CompilerServices;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// The kernel without vectors of lanes, for any processor with a fused multiply-add (x86-64 since 2013, every Arm64): one number after another in
/// radix 2⁵², low halves of products from the integer multiplier, high halves from the floating-point one (<see cref="ScalarColumn"/>).
/// </summary>
/// <remarks>Several lanes, though worked on in turn, let the processor begin the next number while it waits for the quotient digits of one.</remarks>
internal sealed unsafe class ScalarLanes : MontgomeryLanes
{
    private readonly bool _isShared;
    private readonly int _size;
    private readonly LaneMemory _memory;
    private readonly ulong* _m, _quotient, _registers;
    private readonly ulong[] _negativeInverses;

    public ScalarLanes(int bits, int lanes, int registers, bool isShared)
        : base(PaddedBits(bits), Radix52.LimbBits, lanes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limbs, ScalarKernel.MaxLimbs);
        _isShared = isShared;
        _size = 2 * ScalarColumn.RealsAt(Limbs);
        int moduli = isShared ? 1 : lanes;
        _negativeInverses = new ulong[moduli];
        _memory = new LaneMemory((moduli + 1L + (long)registers * lanes) * _size * sizeof(ulong));
        _m = (ulong*)_memory.Start + ScalarColumn.PadBefore;
        _quotient = _m + moduli * _size;
        _registers = _quotient + _size;
    }

    /// <summary>Without the instruction, a fused multiply-add is a function of some hundred of them.</summary>
    public static bool IsSupported => System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported;

    public static bool Fits(int bits) => LimbCount(PaddedBits(bits), Radix52.LimbBits) <= ScalarKernel.MaxLimbs;

    public override void SetModulus(int lane, ReadOnlySpan<ulong> modulus)
    {
        if (_isShared)
            lane = 0;
        Write(_m + lane * _size, modulus);
        _negativeInverses[lane] = NaturalNumber.NegativeInverse(modulus[0]) & Radix52.Mask;
    }

    public override void SetAllModuli(ReadOnlySpan<ulong> modulus)
    {
        for (int lane = 0; lane < _negativeInverses.Length; lane++)
            SetModulus(lane, modulus);
    }

    public override void Set(int register, int lane, ReadOnlySpan<ulong> number) => Write(Number(register, lane), number);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Get(int register, int lane, Span<ulong> number)
    {
        number.Clear();
        ulong* limbs = Number(register, lane);
        for (int i = 0; i < Limbs; i++)
            NaturalNumber.PutLimb(number, i, Radix52.LimbBits, limbs[i]);
    }

    public override ulong Equal(int a, int b) => Equal(Number(a, 0), Number(b, 0), _size);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Square(int result, int a)
    {
        for (int lane = 0; lane < Lanes; lane++)
            Square(result, a, lane, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquareDouble(int result, int a, ReadOnlySpan<ulong> exponents, int bit)
    {
        for (int lane = 0; lane < Lanes; lane++)
            Square(result, a, lane, (int)(exponents[lane] >> bit) & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(int result, int a, int b)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            int u = _isShared ? 0 : lane;
            ulong* r = Number(result, lane), x = Number(a, lane), y = Number(b, lane), m = _m + u * _size;
            if (Limbs <= ScalarSmallKernel.MaxLimbs)
                ScalarSmallKernel.Multiply(r, x, y, m, _negativeInverses[u], Limbs);
            else
                ScalarKernel.Multiply(r, x, y, m, _negativeInverses[u], Limbs, _quotient);
        }
    }

    public override void Copy(int result, int a)
    {
        long bytes = (long)Lanes * _size * sizeof(ulong);
        Buffer.MemoryCopy(Number(a, 0) - ScalarColumn.PadBefore, Number(result, 0) - ScalarColumn.PadBefore, bytes, bytes);
    }

    public override void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Square(int result, int a, int lane, int doubling)
    {
        int u = _isShared ? 0 : lane;
        ulong* r = Number(result, lane), x = Number(a, lane), m = _m + u * _size;
        if (Limbs <= ScalarSmallKernel.MaxLimbs)
            ScalarSmallKernel.Square(r, x, m, _negativeInverses[u], Limbs, doubling);
        else
            ScalarKernel.Square(r, x, m, _negativeInverses[u], Limbs, _quotient, doubling);
    }

    /// <summary>Bits that fill three limbs at least, and an even number of them above five.</summary>
    private static int PaddedBits(int bits)
    {
        int limbs = Math.Max(ScalarSmallKernel.MinLimbs, LimbCount(bits, Radix52.LimbBits));
        return Math.Max(bits, (limbs >= ScalarKernel.MinLimbs ? limbs + (limbs & 1) : limbs) * Radix52.LimbBits - Slack);
    }

    private ulong* Number(int register, int lane) => _registers + ((long)register * Lanes + lane) * _size;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(ulong* number, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < Limbs; i++)
            ScalarColumn.Write(number, i, Limbs, NaturalNumber.Limb(words, i, Radix52.LimbBits));
    }
}
