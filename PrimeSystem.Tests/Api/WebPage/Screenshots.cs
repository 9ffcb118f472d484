using Microsoft.Playwright;
using PrimeSystem.Requests.Storage;
using static Microsoft.Playwright.Assertions;

namespace PrimeSystem.Tests.Api.WebPage;

/// <summary>
/// Takes the pictures of the documentation, on demand: <c>PAGE_PICTURES=folder ./test --explicit only --filter-class '*Screenshots'</c>.
/// </summary>
public sealed class Screenshots(Chromium chromium, StandaloneApi api) : IClassFixture<Chromium>, IClassFixture<StandaloneApi>
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("PAGE_PICTURES") ?? Path.Combine(Path.GetTempPath(), "primes-page");

    [Fact(Explicit = true)]
    public async Task Every_view_by_day_and_night_on_a_desk_and_on_a_phone()
    {
        await TakeAsync("empty", "/#/requests", ".empty");
        await TakeAsync("ask-first", "/", ".estimate");
        Guid completed = await api.AskAndWaitAsync(40, 60);
        Guid failed = await api.AskAsync(1, 9_500);
        await api.Service<IRequestStore>().FailAsync(failed, "Batch 0 was given to 10 workers, and each ended before it was done.", TestContext.Current.CancellationToken);
        Guid large = await StoredRequests.FillAsync(api.Service<IRequestStore>(), primes: 2, digits: 10_000);
        Guid running = await api.AskAsync(1_000_000, 18);
        await TakeAsync("running", $"/#/requests/{running}", ".primes li");
        await TakeAsync("completed", $"/#/requests/{completed}", ".primes li");
        await TakeAsync("failed", $"/#/requests/{failed}", ".alert");
        await TakeAsync("large", $"/#/requests/{large}", ".primes li");
        await TakeAsync("requests", "/#/requests", ".requests li");
        await TakeAsync("ask", "/", ".recent li");
        await TakeAsync("system", "/#/system", "tbody tr");
        await TakeAsync("verify", "/#/verify", "textarea");
        await api.Client.DeleteAsync($"/api/requests/{running}?purge=true", TestContext.Current.CancellationToken);
    }

    private async Task TakeAsync(string name, string path, string there)
    {
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach ((string device, int width, int height) in new[] { ("desk", 1_100, 760), ("phone", 390, 800) })
            {
                await using IBrowserContext context = await chromium.OpenAsync(
                    api.Client.BaseAddress!, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
                IPage page = await context.NewPageAsync();
                await page.GotoAsync(path);
                await Expect(page.Locator(there).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
                // Rates need a few seconds of samples.
                await Task.Delay(TimeSpan.FromSeconds(name == "running" ? 4 : 1), TestContext.Current.CancellationToken);
                await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{device}-{scheme.ToString().ToLowerInvariant()}.png") });
            }
        }
    }
}
