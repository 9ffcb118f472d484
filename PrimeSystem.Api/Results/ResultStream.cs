using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using PrimeSystem.Api.Errors;
using PrimeSystem.Requests.Model;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Results;

/// <summary>Writes a range of a request's primes, page by page. Digits, UUIDs and status names need no escaping in any of the formats.</summary>
internal sealed class ResultStream(IRequestStore store, PrimeRequest request, ResultFormat format, int from, int count) : IResult
{
    /// <summary>Characters of primes that are in memory at a time, about.</summary>
    private const int PageCharacters = 1 << 18;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken cancellationToken = httpContext.RequestAborted;
        int pageSize = Math.Max(1, PageCharacters / request.Digits);
        // The first page is read before anything is written: while the database is away the answer is a clean 503.
        int length = Math.Min(pageSize, count);
        IReadOnlyList<string> page = await ReadAsync(from, length, cancellationToken);
        if (page.Count < length)
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
            foreach (string prime in page)
                WritePrime(body, from + written++, prime);
            await body.FlushAsync(cancellationToken);
            if (written == count)
                break;
            length = Math.Min(pageSize, count - written);
            page = await ReadAsync(from + written, length, cancellationToken);
            // Purged meanwhile. Ending here in good order would pass for a whole result, so the connection is broken off.
            if (page.Count < length)
                throw new InvalidDataException($"Request {request.Id} lost primes while they were read.");
        }
        Write(body, format == ResultFormat.Json ? "]}" : "");
        await body.FlushAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(int offset, int length, CancellationToken cancellationToken) =>
        length == 0 ? [] : await store.ReadPrimesAsync(request, offset, length, cancellationToken);

    private string Head() => format.Name switch
    {
        "json" => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"request_id":"{{request.Id}}","quantity":{{request.Quantity}},"generated_count":{{request.GeneratedCount}},"status":"{{request.Status.Name()}}","prime_numbers":["""),
        "csv" => "position,prime\n",
        _ => "",
    };

    private void WritePrime(PipeWriter body, int position, string prime)
    {
        switch (format.Name)
        {
            case "json":
                Write(body, position == from ? "\"" : ",\"");
                Write(body, prime);
                Write(body, "\"");
                break;
            case "csv":
                Write(body, string.Create(CultureInfo.InvariantCulture, $"{position},"));
                Write(body, prime);
                Write(body, "\n");
                break;
            case "ndjson":
                Write(body, string.Create(CultureInfo.InvariantCulture, $"{{\"position\":{position},\"prime\":\""));
                Write(body, prime);
                Write(body, "\"}\n");
                break;
            default:
                Write(body, prime);
                Write(body, "\n");
                break;
        }
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
