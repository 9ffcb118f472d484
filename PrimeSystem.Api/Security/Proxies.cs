using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace PrimeSystem.Api.Security;

/// <summary>
/// Reverse proxies that are believed when they say for whom they ask (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>): those of
/// <c>ForwardedHeaders:KnownProxies</c> and <c>ForwardedHeaders:KnownNetworks</c>. Where none is named the headers mean nothing.
/// </summary>
internal static class Proxies
{
    private const string Section = "ForwardedHeaders";

    public static void UseProxies(this WebApplication app)
    {
        string[] proxies = app.Configuration.List($"{Section}:KnownProxies");
        string[] networks = app.Configuration.List($"{Section}:KnownNetworks");
        if (proxies.Length == 0 && networks.Length == 0)
            return;
        // Every hop back to the first that is not known counts.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string proxy in proxies)
            options.KnownProxies.Add(Parse<IPAddress>("KnownProxies", proxy, IPAddress.TryParse));
        foreach (string network in networks)
            options.KnownIPNetworks.Add(Parse<System.Net.IPNetwork>("KnownNetworks", network, System.Net.IPNetwork.TryParse));
        app.UseForwardedHeaders(options);
    }

    private static T Parse<T>(string setting, string text, TryParse<T> parse) => parse(text, out T? value)
        ? value!
        : throw new InvalidOperationException($"{Section}:{setting} has '{text}', which is not an address{(typeof(T) == typeof(IPAddress) ? "" : " with a prefix length")}.");

    private delegate bool TryParse<T>(string text, out T? value);
}
