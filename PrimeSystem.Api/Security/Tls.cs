using PrimeSystem.ServiceDefaults;

namespace PrimeSystem.Api.Security;

/// <summary>
/// HTTPS: where this process serves it, plain HTTP is redirected to it, except for probes. Answers over HTTPS, here or at a trusted proxy, carry HSTS.
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
