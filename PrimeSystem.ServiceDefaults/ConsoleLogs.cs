using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace PrimeSystem.ServiceDefaults;

/// <summary>
/// What the process prints: a line of text for each event where a person reads it, a line of JSON with all fields and scopes where a collector does.
/// <c>Logging:Console:FormatterName</c> (<c>simple</c>, <c>json</c>, <c>systemd</c>) decides otherwise.
/// </summary>
internal static class ConsoleLogs
{
    /// <summary>Chooses the form.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="forPeople">Whether people read it in production as well.</param>
    public static void AddConsoleLogs(this IHostApplicationBuilder builder, bool forPeople)
    {
        string form = builder.Configuration["Logging:Console:FormatterName"]
            ?? (builder.Environment.IsProduction() && !forPeople ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        builder.Logging.AddConsole(options => options.FormatterName = form);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
        });
        builder.Services.Configure<JsonConsoleFormatterOptions>(options =>
        {
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}
