using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>
/// <c>bare</c>: the least that an endpoint on this database can do, in a process of its own: Kestrel, one prepared statement by Npgsql, the row's id. What
/// the Api does beyond it (validation, JSON, problems, telemetry, dispatching) shows beside it.
/// </summary>
internal static class BareEndpoint
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = arguments });
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.Urls.Add(app.Configuration["urls"] ?? arguments[^1]);
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(app.Configuration.GetConnectionString("primes") + ";Max Auto Prepare=16");

        app.MapGet("/health", () => "healthy");
        app.MapPost("/api/new", async context =>
        {
            var id = Guid.CreateVersion7();
            await using NpgsqlCommand insert = dataSource.CreateCommand(
                """
                INSERT INTO requests (id, quantity, digits, status, batch_size, batch_count, "window", dispatched_at, created_at, updated_at)
                VALUES ($1, 1, 12, 'pending', 1, 1, 1, $2, $2, $2)
                """);
            insert.Parameters.Add(new() { Value = id });
            insert.Parameters.Add(new() { Value = DateTimeOffset.UtcNow });
            await insert.ExecuteNonQueryAsync(context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsync($"{{\"request_id\":\"{id}\"}}", context.RequestAborted);
        });
        app.MapGet("/api/status/{id}", async (Guid id, HttpContext context) =>
        {
            await using NpgsqlCommand select = dataSource.CreateCommand("SELECT generated_count FROM requests WHERE id = $1");
            select.Parameters.Add(new() { Value = id });
            object? count = await select.ExecuteScalarAsync(context.RequestAborted);
            await context.Response.WriteAsync($"{{\"generated_count\":{count}}}", context.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }
}
