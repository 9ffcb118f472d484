using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Api;
using PrimeSystem.Api.Documentation;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Requests;
using PrimeSystem.Api.Results;
using PrimeSystem.Api.Security;
using PrimeSystem.Api.Streaming;
using PrimeSystem.Api.SystemStatus;
using PrimeSystem.Api.Verification;
using PrimeSystem.Api.WebPage;
using PrimeSystem.Requests.Hosting;
using PrimeSystem.ServiceDefaults;

Startup.ReportRefusal();
bool migrateOnly = args is ["migrate", ..];
// appsettings.json is beside the program, wherever it is started from.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = migrateOnly ? args[1..] : args,
    ContentRootPath = AppContext.BaseDirectory,
});
bool isStandalone = builder.AddStandaloneDefaults();
builder.AddServiceDefaults(logsForPeople: isStandalone);
builder.AddConnections(RequestsHosting.Database, RequestsHosting.Broker);
builder.AddRequests(withoutQueue: HealthStatus.Degraded);
if (isStandalone)
    builder.AddRequestWorkers();
builder.AddHttp();
builder.AddHostNames();
builder.AddProblems();
builder.AddAuthentication();
builder.AddRateLimits();
builder.AddCrossOrigin();
builder.AddRequestCache();
builder.AddVerification();
builder.AddStreaming();
builder.AddSystemStatus();
builder.AddDocumentation();

WebApplication app = builder.Build();
if (migrateOnly)
{
    await app.Services.MigrateAsync(CancellationToken.None);
    return;
}
app.RequireAuthenticationInProduction();
app.UseTrustedProxies();
app.UseSecurityHeaders();
app.UseProblems();
app.UseHostNames(isStandalone);
app.UseMethodRules();
app.UseRequestLogScope();
app.UseTls();
app.UseContentCodings();
app.UseResponseCompression();
app.UsePageFiles();
app.UseCrossOrigin();
app.UseWebSockets();
app.UseAuthentication();
app.UseAuditLog();
// After authentication, so that limits count users. A call with an invalid token counts for its address.
app.UseRateLimiter();
app.UseAuthorization();
app.MapServiceDefaults();
app.MapHomePage();
app.MapDocumentation();
app.MapApi(Scopes.Write, api => api.MapOrders());
app.MapApi(Scopes.Read, api =>
{
    api.MapRequests();
    api.MapResults();
    api.MapVerification();
    api.MapStreaming();
    api.MapSystemStatus();
    api.MapEstimates();
});
await app.RunAsync();
