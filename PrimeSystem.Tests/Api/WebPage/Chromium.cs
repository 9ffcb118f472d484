using Microsoft.Playwright;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Api.WebPage;

/// <summary>Debian's Chromium, driven by Playwright. Where it is not installed, tests that need it are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!Installed.Has(Program))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
    }

    /// <summary>Opens a window with its own storage and cache.</summary>
    internal async Task<IBrowserContext> OpenAsync(Uri server, BrowserNewContextOptions? options = null)
    {
        Assert.SkipUnless(_browser is not null, "Chromium is not installed here.");
        IBrowserContext context = await _browser.NewContextAsync(new(options ?? new()) { BaseURL = server.ToString() });
        // The machine may have other things to do.
        context.SetDefaultTimeout(60_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
