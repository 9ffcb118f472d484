using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;

namespace PrimeSystem.Api.Security;

/// <summary>
/// The host names that this service answers to (<c>AllowedHosts</c>). By default a standalone system answers calls on a loopback address only under a
/// loopback name: a page on the internet can have its own name resolve to 127.0.0.1 (DNS rebinding), and would then read everything as its own.
/// </summary>
internal static class HostNames
{
    private const string Setting = "AllowedHosts", Any = "*";

    private static readonly StringSegment[] Loopback = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

    /// <summary>Leaves the check to <see cref="UseHostNames"/>: the framework's own answers without a problem document.</summary>
    public static void AddHostNames(this WebApplicationBuilder builder) => builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = [Any]);

    public static void UseHostNames(this WebApplication app, bool isStandalone)
    {
        string[] configured = [.. app.Configuration.List(Setting).SelectMany(hosts => hosts.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (configured.Contains(Any) || (configured.Length == 0 && !isStandalone))
            return;
        StringSegment[] allowed = [.. Loopback, .. configured.Select(host => new StringSegment(host))];
        app.Use((context, next) => IsAllowed(context) ? next(context) : Refuse(context.Request.Host).ExecuteAsync(context));

        // A call without a name comes from no browser.
        bool IsAllowed(HttpContext context) => !context.Request.Host.HasValue
            || (configured.Length == 0 && context.Connection.LocalIpAddress is { } address && !IPAddress.IsLoopback(address))
            || HostString.MatchesAny(context.Request.Host.Host, allowed);
    }

    private static ProblemHttpResult Refuse(HostString host) => TypedResults.Problem(
        statusCode: StatusCodes.Status400BadRequest, detail: $"Host must be localhost or a name in the setting {Setting}. It is '{host}'.");
}
