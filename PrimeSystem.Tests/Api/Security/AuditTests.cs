using System.Net.Http.Json;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.Security;

/// <summary>The audit log records every call and no secret.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-audit-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_call_is_logged_with_client_route_request_and_status_and_never_a_token()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        string token = issuer.Token("alice\nroot");
        await using ServiceProcess api = await ServiceProcess.StartApiAsync(new Dictionary<string, string?>
        {
            ["Data__Folder"] = _folder,
            ["Authentication__Authority"] = issuer.Address,
            ["Authentication__Audience"] = TestIssuer.Audience,
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
        });
        Guid other = Guid.CreateVersion7();
        await api.Client.GetAsync($"/api/stream/{other}?access_token={token}", Cancellation);
        await api.Client.GetAsync("/api/requests?status=secret-query", Cancellation);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using HttpResponseMessage asked = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 1, digits = 12 }, Cancellation);
        Guid id = (await StandaloneApi.JsonAsync(asked)).GetProperty("request_id").GetGuid();
        await api.Client.DeleteAsync($"/api/requests/{other}?purge=true", Cancellation);

        string[] expected =
        [
            "address 127.0.0.1: GET /api/requests - was answered with 401",
            $"user alice?root: POST /api/new {id} was answered with 202",
            $"user alice?root: DELETE /api/requests/{{id}} {other} was answered with 404",
        ];
        await Eventually.TrueAsync(
            () => Task.FromResult(Array.TrueForAll(expected, line => api.Output.Contains(line, StringComparison.Ordinal))),
            TimeSpan.FromSeconds(10),
            $"these stand in the log: {string.Join("; ", expected)}. It is:\n{api.Output}");
        // Header and claims are as good as secrets in logs; the signature is one.
        Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, api.Output, StringComparison.Ordinal));
    }
}
