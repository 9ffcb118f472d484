using Microsoft.Extensions.Diagnostics.HealthChecks;
using PrimeSystem.Requests.Hosting;
using PrimeSystem.ServiceDefaults;

Startup.ReportRefusal();
// appsettings.json is beside the program, wherever it is started from.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (builder.Configuration.IsStandalone())
    throw new InvalidOperationException("A worker needs the connection strings 'primes' and 'messaging'. Without them the system is standalone, and the Api processes its requests.");

builder.AddServiceDefaults();
builder.AddConnections(RequestsHosting.Database, RequestsHosting.Broker);
builder.AddRequests(withoutQueue: HealthStatus.Unhealthy);
builder.AddRequestWorkers();

WebApplication app = builder.Build();
app.MapServiceDefaults();
app.Run();
