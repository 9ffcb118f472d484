using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// The start of a process. One that cannot start, because of a setting, a port or a folder, says so in one line on the standard error and ends with the exit
/// code 1. An error after the start, or of another kind, is a bug and keeps its stack trace.
/// </summary>
public static partial class Startup
{
    private const int Refused = 1;

    private static volatile bool _isOver;

    /// <summary>Reports an exception that ends the start in one line instead of a stack trace. Call it first.</summary>
    public static void ReportRefusal() => AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
    {
        if (_isOver || Explain((Exception)thrown.ExceptionObject) is not { } reason)
            return;
        Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName} cannot start: {reason.ReplaceLineEndings(" ")}");
        Environment.Exit(Refused);
    };

    /// <summary>Keeps the host from logging, with a stack trace, the exception that is reported here.</summary>
    internal static void AddStartup(this IHostApplicationBuilder builder)
    {
        foreach (string category in new[] { "Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel" })
            builder.Logging.AddFilter(category, level => level >= LogLevel.Warning && (_isOver || level < LogLevel.Error));
    }

    /// <summary>Notes when the process has started.</summary>
    internal static void WatchStartup(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() => _isOver = true);

    /// <summary>Why the process cannot start; null if the exception is a bug.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        AggregateException e when e.InnerExceptions.All(inner => Explain(inner) is not null) => string.Join(" ", e.InnerExceptions.Select(Explain)),
        OptionsValidationException e => string.Join(" ", e.Failures.Select(failure => NameSetting(failure, e.OptionsType))),
        IOException { InnerException: AddressInUseException } or SocketException or FormatException => $"{exception.Message} Choose another address with --urls.",
        InvalidDataException { InnerException: { } inner } => $"{exception.Message} {inner.Message}",
        DbException or InvalidOperationException or IOException or UnauthorizedAccessException or InvalidDataException => exception.Message,
        _ => null,
    };

    /// <summary>Replaces the name of a property, which the validation reports, by that of its setting: <c>Flow:Window must be between 1 and 100000.</c></summary>
    private static string NameSetting(string failure, Type options)
    {
        string? section = options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as string;
        Match match = FailureOfMember().Match(failure);
        return section is null || !match.Success
            ? failure
            : match.Groups["error"].Value.Replace($"The field {match.Groups["member"].Value}", $"{section}:{match.Groups["member"].Value}", StringComparison.Ordinal);
    }

    // As DataAnnotationValidateOptions writes it.
    [GeneratedRegex("members: '(?<member>.+?)' with the error: '(?<error>.+)'", RegexOptions.Singleline)]
    private static partial Regex FailureOfMember();
}
