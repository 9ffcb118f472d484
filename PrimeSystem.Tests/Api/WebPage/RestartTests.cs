using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using PrimeSystem.TestServers;
using static Microsoft.Playwright.Assertions;

namespace PrimeSystem.Tests.Api.WebPage;

/// <summary>The page while its service restarts.</summary>
public sealed class RestartTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-page-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task After_a_restart_of_the_service_the_page_reconnects_and_follows_the_request_to_its_end()
    {
        int port = FreePort.Next();
        await using ServiceProcess first = await StartAsync(port);
        await using IBrowserContext context = await chromium.OpenAsync(first.Client.BaseAddress!);
        IPage page = await context.NewPageAsync();
        using HttpResponseMessage asked = await first.Client.PostAsJsonAsync("/api/new", new { quantity = 90_000, digits = 12 }, Cancellation);
        string id = (await asked.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("request_id").GetString()!;
        await page.GotoAsync($"/#/requests/{id}");
        await Expect(page.Locator(".primes li")).ToHaveCountAsync(100, new() { Timeout = 120_000 });

        await first.KillAsync();
        await Expect(page.Locator(".link")).ToHaveTextAsync("Connection lost. Reconnecting…", new() { Timeout = 120_000 });
        await using ServiceProcess second = await StartAsync(port);

        await Expect(page.Locator(".status")).ToHaveTextAsync("completed", new() { Timeout = 480_000 });
        await Expect(page.Locator(".figure dd").First).ToHaveTextAsync("90,000");
        string last = JsonDocument.Parse(await second.Client.GetStringAsync($"/api/result/{id}?offset=89999", Cancellation))
            .RootElement.GetProperty("prime_numbers")[0].GetString()!;
        await Expect(page.Locator(".primes code").First).ToHaveTextAsync(last);
    }

    private Task<ServiceProcess> StartAsync(int port) =>
        ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = _folder }, port);
}
