using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Api;
using PrimeSystem.Api.Access;
using PrimeSystem.Api.Board;
using PrimeSystem.Api.Caching;
using PrimeSystem.Api.Documentation;
using PrimeSystem.Api.Errors;
using PrimeSystem.Api.Estimates;
using PrimeSystem.Api.Hardening;
using PrimeSystem.Api.Home;
using PrimeSystem.Api.Live;
using PrimeSystem.Api.Requests;
using PrimeSystem.Api.Results;
using PrimeSystem.Api.Verify;
using PrimeSystem.Requests.Hosting;
using PrimeSystem.ServiceDefaults;

bool migrateOnly = args is ["migrate", ..];
// Settings lie beside the program, wherever it is started from.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = migrateOnly ? args[1..] : args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddServiceDefaults(logsForPeople: builder.Configuration.IsStandalone());
builder.AddConnections(RequestsHosting.Database, RequestsHosting.Broker);
builder.AddRequests(withoutQueue: HealthStatus.Degraded);
if (builder.Configuration.IsStandalone())
    builder.AddRequestWorkers();
builder.AddHttp();
builder.AddProblems();
builder.AddAccess();
builder.AddRateLimits();
builder.AddCrossOrigin();
builder.AddCache();
builder.AddVerification();
builder.AddLive();
builder.AddBoard();
builder.AddDocumentation();

WebApplication app = builder.Build();
if (migrateOnly)
{
    await app.Services.MigrateAsync(CancellationToken.None);
    return;
}
app.UseProxies();
app.UseSecurityHeaders();
app.UseRequestScope();
app.UseProblems();
app.UseTls();
app.UseResponseCompression();
app.UsePage();
app.UseCrossOrigin();
app.UseWebSockets();
app.UseAccess();
app.MapServiceDefaults();
app.MapHome();
app.MapDocumentation();
app.MapApi(Scopes.Write, api => api.MapOrders());
app.MapApi(Scopes.Read, api =>
{
    api.MapRequests();
    api.MapResults();
    api.MapVerification();
    api.MapLive();
    api.MapBoard();
    api.MapEstimates();
});
await app.RunAsync();
