namespace PrimeSystem.Api.Security;

/// <summary>
/// A Content-Security-Policy: what a browser may load and run with an answer. Every answer has <see cref="Strict"/>, unless its endpoint has another
/// policy in its metadata.
/// </summary>
internal sealed record ContentSecurityPolicy(string Value)
{
    /// <summary>Only this origin's own files; no inline scripts or styles.</summary>
    public static readonly ContentSecurityPolicy Strict = new(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");

    /// <summary>Only this origin's own files, and inline scripts and styles.</summary>
    public static readonly ContentSecurityPolicy AllowingInline = new(
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
}
