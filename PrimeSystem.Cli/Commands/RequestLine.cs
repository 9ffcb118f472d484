using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary>A request on a server, as one line.</summary>
internal static class RequestLine
{
    /// <summary>A request on a server, in columns: <c>0192f0c1-…  completed   10 of 10 primes  300 digits  2026-11-26 19:00 UTC</c>.</summary>
    public static string Of(RequestView request)
    {
        string size = $"{request.Digits} digits";
        string line = $"{request.RequestId}  {request.Status,-10}  {Words.PrimesOf(request.GeneratedCount, request.Quantity),-26}  {size,-13}";
        string created = request.CreatedAt is { } time ? $"  {time.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
        return request.Failure is { } failure ? $"{line}{created}  {failure}" : $"{line}{created}";
    }
}
