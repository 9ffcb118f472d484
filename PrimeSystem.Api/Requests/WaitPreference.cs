using System.Globalization;
using PrimeSystem.Requests;

namespace PrimeSystem.Api.Requests;

/// <summary>
/// <c>Prefer: wait=30</c> (RFC 7240, section 4.3): the answer comes when the request has ended, or after this many seconds. As with every preference, one
/// that is malformed is ignored.
/// </summary>
internal static class WaitPreference
{
    private const string Prefer = "Prefer", Applied = "Preference-Applied", Name = "wait";

    /// <summary>The longest wait in seconds. Proxies often cut calls off after a minute.</summary>
    private const int MaxSeconds = 60;

    /// <summary>Waits until a request has ended, if the client prefers to.</summary>
    /// <returns>The request as it is then; null when it was deleted.</returns>
    public static async Task<PrimeRequest?> WaitAsPreferredAsync(
        this IRequestWaiter waiter, HttpContext context, PrimeRequest request, CancellationToken cancellationToken)
    {
        if (SecondsIn(context.Request) is not { } seconds)
            return request;
        context.Response.Headers[Applied] = string.Create(CultureInfo.InvariantCulture, $"{Name}={seconds}");
        return await waiter.WaitForEndAsync(request, TimeSpan.FromSeconds(seconds), cancellationToken);
    }

    /// <summary>Whether the client prefers to wait.</summary>
    public static bool IsIn(HttpRequest request) => SecondsIn(request) is not null;

    private static int? SecondsIn(HttpRequest request) => request.Headers.GetCommaSeparatedValues(Prefer)
        // A preference may have parameters; this one has none.
        .Select(preference => preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries))
        .Where(preference => preference is [var name, _] && name.Equals(Name, StringComparison.OrdinalIgnoreCase))
        .Select(preference => int.TryParse(preference[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? Math.Min(seconds, MaxSeconds)
            : default(int?))
        .FirstOrDefault();
}
