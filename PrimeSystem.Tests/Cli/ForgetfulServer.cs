using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PrimeSystem.Tests.Cli;

/// <summary>A server that loses its answer to the first call, is busy at the second, and answers the third.</summary>
internal sealed class ForgetfulServer : IAsyncDisposable
{
    public const string Id = "0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f";

    private readonly WebApplication _app;

    private ForgetfulServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/api/new", AnswerAsync);
    }

    public string Url => _app.Urls.Single();

    /// <summary>The key and the token of each call.</summary>
    public List<string> Calls { get; } = [];

    public static async Task<ForgetfulServer> StartAsync()
    {
        var server = new ForgetfulServer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Calls.Add($"{context.Request.Headers["Idempotency-Key"]} {context.Request.Headers.Authorization}");
        switch (Calls.Count)
        {
            case 1:
                context.Abort();
                return Task.CompletedTask;
            case 2:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "1";
                return Task.CompletedTask;
            default:
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return context.Response.WriteAsJsonAsync(new { request_id = Id, message = "Accepted." });
        }
    }
}
