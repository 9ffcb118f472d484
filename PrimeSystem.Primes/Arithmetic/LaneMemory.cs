using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PrimeSystem.Primes.Arithmetic;

/// <summary>
/// Zeroed memory outside the garbage-collected heap, aligned to a page. Vectors never straddle a cache line, the collector never copies secrets, and
/// the memory is wiped when it is released.
/// </summary>
internal sealed unsafe class LaneMemory : IDisposable
{
    private const int PageSize = 4096;
    private readonly nuint _bytes;
    private byte* _start;

    public LaneMemory(long bytes)
    {
        _bytes = (nuint)bytes;
        _start = (byte*)NativeMemory.AlignedAlloc(_bytes, PageSize);
        NativeMemory.Clear(_start, _bytes);
    }

    ~LaneMemory() => Free();

    public byte* Start => _start;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_start is null)
            return;
        for (nuint done = 0; done < _bytes; done += int.MaxValue)
            CryptographicOperations.ZeroMemory(new Span<byte>(_start + done, (int)Math.Min(_bytes - done, int.MaxValue)));
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
