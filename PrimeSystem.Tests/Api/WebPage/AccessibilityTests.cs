using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PrimeSystem.Requests.Storage;
using static Microsoft.Playwright.Assertions;

namespace PrimeSystem.Tests.Api.WebPage;

/// <summary>Every view, checked by axe.</summary>
public sealed class AccessibilityTests(Chromium chromium, StandaloneApi api) : IClassFixture<Chromium>, IClassFixture<StandaloneApi>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1_200)]
    [InlineData(ColorScheme.Dark, 1_200)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task No_view_has_a_serious_violation(ColorScheme scheme, int width)
    {
        Guid completed = await api.AskAndWaitAsync(3, 200);
        Guid failed = await api.AskAsync(1, 9_500);
        await api.Service<IRequestStore>().FailAsync(failed, "Batch 0 failed 10 times.", TestContext.Current.CancellationToken);
        Guid running = await api.AskAsync(1, 9_500);
        await using IBrowserContext context = await chromium.OpenAsync(
            api.Client.BaseAddress!, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        IPage page = await context.NewPageAsync();
        foreach ((string path, string there) in new[]
        {
            ("/", ".recent li"), ("/#/requests", ".requests li"), ($"/#/requests/{completed}", ".primes li"), ($"/#/requests/{failed}", ".alert"),
            ($"/#/requests/{running}", ".link.live"), ("/#/verify", "textarea"), ("/#/system", "tbody tr"), ("/#/requests/xyz", ".alert"),
        })
        {
            await page.GotoAsync(path);
            await Expect(page.Locator(there).First).ToBeVisibleAsync();
            await AssertAccessibleAsync(page, path);
        }

        await page.GotoAsync("/#/verify");
        await page.GetByLabel("Numbers").FillAsync("7\n561\n007");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Expect(page.Locator(".verdicts li")).ToHaveCountAsync(2);
        await AssertAccessibleAsync(page, "verdicts");
        await api.Client.DeleteAsync($"/api/requests/{running}?purge=true", TestContext.Current.CancellationToken);
    }

    private static async Task AssertAccessibleAsync(IPage page, string view)
    {
        AxeResult result = await page.RunAxe();
        Assert.NotEmpty(result.Passes);
        Assert.All(result.Violations, violation => Assert.False(
            violation.Impact is "serious" or "critical",
            $"{view}: {violation.Id}: {violation.Help}\n{string.Join("\n", violation.Nodes.Select(node => node.Html))}"));
    }
}
