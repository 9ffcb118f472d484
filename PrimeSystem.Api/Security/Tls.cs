using PrimeSystem.ServiceDefaults;

namespace PrimeSystem.Api.Security;

/// <summary>
/// Where this process itself serves HTTPS, plain HTTP is sent there, but for probes. Browsers that came by HTTPS, here or at a known proxy, are told to
/// stay with it.
/// </summary>
internal static class Tls
{
    public static void UseTls(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            app.UseHsts();
        if (IsServed(app.Configuration))
            app.UseWhen(context => !HealthEndpoints.IsProbe(context.Request.Path), branch => branch.UseHttpsRedirection());
    }

    private static bool IsServed(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["https_port"]) || !string.IsNullOrEmpty(configuration["https_ports"])
        || IsHttps(configuration["urls"])
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(endpoint => IsHttps(endpoint["Url"]));

    private static bool IsHttps(string? urls) => urls?.Contains("https://", StringComparison.OrdinalIgnoreCase) == true;
}
