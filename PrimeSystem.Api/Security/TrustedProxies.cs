using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace PrimeSystem.Api.Security;

/// <summary>
/// Trusted reverse proxies: <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are used when they come from <c>ForwardedHeaders:KnownProxies</c> or
/// <c>ForwardedHeaders:KnownNetworks</c>. Without these settings the headers are ignored.
/// </summary>
internal static class TrustedProxies
{
    private const string Section = "ForwardedHeaders";

    private delegate bool TryParse<T>(string text, out T? value);

    /// <exception cref="InvalidOperationException">A setting is not an address or a network.</exception>
    public static void UseTrustedProxies(this WebApplication app)
    {
        IPAddress[] proxies = Read<IPAddress>(app.Configuration, "KnownProxies", IPAddress.TryParse, "an address such as 10.0.0.7");
        IPNetwork[] networks = Read<IPNetwork>(app.Configuration, "KnownNetworks", IPNetwork.TryParse, "a network such as 10.0.0.0/8");
        if (proxies.Length == 0 && networks.Length == 0)
            return;
        // The client is the first address, counted from the nearest hop, that is not a trusted proxy.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        Array.ForEach(proxies, options.KnownProxies.Add);
        Array.ForEach(networks, options.KnownIPNetworks.Add);
        app.UseForwardedHeaders(options);
    }

    private static T[] Read<T>(IConfiguration configuration, string setting, TryParse<T> parse, string expected) =>
    [
        .. configuration.List($"{Section}:{setting}").Select(text => parse(text, out T? value)
            ? value!
            : throw new InvalidOperationException($"{Section}:{setting} contains '{text}'. It must be {expected}.")),
    ];
}
