using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Results;

/// <summary>
/// Writes a range of a request's primes, page by page, as the digits that the database gives: no prime becomes a string. Digits, UUIDs and status names
/// need no escaping in any of the formats.
/// </summary>
internal sealed class ResultStream(IRequestStore store, PrimeRequest request, ResultFormat format, int from, int count) : IResult
{
    /// <summary>Digits that are in memory at a time, about: less than what the runtime would keep in its heap of large objects.</summary>
    private const int PageDigits = 80_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken cancellationToken = httpContext.RequestAborted;
        int pageSize = Math.Max(1, PageDigits / request.Digits);
        // The first page is read before anything is written: while the database is away the answer is a clean 503.
        int length = Math.Min(pageSize, count);
        ReadOnlyMemory<byte> page = await ReadAsync(from, length, cancellationToken);
        if (page.Length < length * request.Digits)
        {
            // Purged since it was found.
            httpContext.Response.Headers.Clear();
            await Problems.UnknownRequest(request.Id).ExecuteAsync(httpContext);
            return;
        }

        httpContext.Response.ContentType = $"{format.MediaType}; charset=utf-8";
        PipeWriter body = httpContext.Response.BodyWriter;
        Write(body, Head());
        for (int written = 0; ;)
        {
            for (ReadOnlyMemory<byte> left = page; !left.IsEmpty; left = left[request.Digits..])
                WritePrime(body, from + written++, left.Span[..request.Digits]);
            await body.FlushAsync(cancellationToken);
            if (written == count)
                break;
            length = Math.Min(pageSize, count - written);
            page = await ReadAsync(from + written, length, cancellationToken);
            // Purged meanwhile. Ending here in good order would pass for a whole result, so the connection is broken off.
            if (page.Length < length * request.Digits)
                throw new InvalidDataException($"Request {request.Id} lost primes while they were read.");
        }
        Write(body, format == ResultFormat.Json ? "]}" : "");
        await body.FlushAsync(cancellationToken);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(int offset, int length, CancellationToken cancellationToken) =>
        length == 0 ? default : await store.ReadDigitsAsync(request, offset, length, cancellationToken);

    private string Head() => format.Name switch
    {
        "json" => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"request_id":"{{request.Id}}","quantity":{{request.Quantity}},"generated_count":{{request.GeneratedCount}},"status":"{{request.Status.Name()}}","prime_numbers":["""),
        "csv" => "position,prime\n",
        _ => "",
    };

    private void WritePrime(PipeWriter body, int position, ReadOnlySpan<byte> prime)
    {
        switch (format.Name)
        {
            case "json":
                body.Write(position == from ? "\""u8 : ",\""u8);
                body.Write(prime);
                body.Write("\""u8);
                break;
            case "csv":
                Write(body, string.Create(CultureInfo.InvariantCulture, $"{position},"));
                body.Write(prime);
                body.Write("\n"u8);
                break;
            case "ndjson":
                Write(body, string.Create(CultureInfo.InvariantCulture, $"{{\"position\":{position},\"prime\":\""));
                body.Write(prime);
                body.Write("\"}\n"u8);
                break;
            default:
                body.Write(prime);
                body.Write("\n"u8);
                break;
        }
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
