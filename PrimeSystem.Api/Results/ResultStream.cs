using System.IO.Pipelines;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Results;

/// <summary>
/// Streams a range of a request's primes, page by page, as the digits that the database returns: no prime becomes a string. Digits, UUIDs and status
/// names need no escaping in any format.
/// </summary>
internal sealed class ResultStream(IRequestStore store, PrimeRequest request, ResultFormat format, int from, int count) : IResult
{
    /// <summary>About how many digits a page has: less than what the runtime would put on its large object heap.</summary>
    private const int PageDigits = 80_000;

    private readonly int _pageSize = Math.Max(1, PageDigits / request.Digits);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken cancellationToken = httpContext.RequestAborted;
        // The first page is read before anything is written: while the database is unavailable, the answer is a clean 503.
        if (await ReadPageAsync(0, cancellationToken) is not { } page)
        {
            // Purged since it was found.
            httpContext.Response.Headers.Clear();
            await Problems.UnknownRequest(request.Id).ExecuteAsync(httpContext);
            return;
        }

        httpContext.Response.ContentType = $"{format.MediaType}; charset=utf-8";
        PipeWriter body = httpContext.Response.BodyWriter;
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        format.WriteStart(body, request);
        for (int written = 0; ;)
        {
            for (ReadOnlyMemory<byte> left = page; !left.IsEmpty; left = left[request.Digits..])
            {
                format.WritePrime(body, from + written, isFirst: written == 0, left.Span[..request.Digits]);
                written++;
            }
            await body.FlushAsync(cancellationToken);
            if (written == count)
                break;
            // A request that is purged now must not end like a complete result, so the exception breaks the connection.
            page = await ReadPageAsync(written, cancellationToken)
                ?? throw new InvalidDataException($"Request {request.Id} was purged while its primes were read.");
        }
        format.WriteEnd(body);
        await body.FlushAsync(cancellationToken);
    }

    /// <summary>The next page; null when its primes are gone.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadPageAsync(int written, CancellationToken cancellationToken)
    {
        int length = Math.Min(_pageSize, count - written);
        if (length == 0)
            return ReadOnlyMemory<byte>.Empty;
        ReadOnlyMemory<byte> page = await store.ReadDigitsAsync(request, from + written, length, cancellationToken);
        // Typed, since a bare null would be converted to an empty page here.
        return page.Length == length * request.Digits ? page : (ReadOnlyMemory<byte>?)null;
    }
}
