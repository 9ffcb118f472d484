using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PrimeSystem.Requests.Storage;
using static Microsoft.Playwright.Assertions;

namespace PrimeSystem.Tests.Api.WebPage;

/// <summary>The page in a browser, used like a person does.</summary>
public sealed partial class PageTests(Chromium chromium, StandaloneApi api) : IClassFixture<Chromium>, IClassFixture<StandaloneApi>, IAsyncLifetime
{
    private readonly List<string> _errors = [];
    private IBrowserContext _context = null!;
    private IPage _page = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        SetDefaultExpectTimeout(60_000);
        _context = await chromium.OpenAsync(api.Client.BaseAddress!, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        _page = await _context.NewPageAsync();
        // Script errors and violations of the Content-Security-Policy are reported there.
        _page.PageError += (_, error) => _errors.Add(error);
        _page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _errors.Add(message.Text);
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is null)
            return;
        await _context.DisposeAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task A_new_request_shows_an_estimate_then_its_progress_and_every_prime()
    {
        await _page.GotoAsync("/");
        await _page.GetByLabel("How many").FillAsync("40");
        await _page.GetByLabel("Digits of each").FillAsync("60");
        await Expect(_page.Locator(".estimate")).ToContainTextAsync("with 1 worker");
        await _page.GetByLabel("Digits of each").PressAsync("Enter");

        await Expect(Heading("40 primes of 60 digits")).ToBeVisibleAsync();
        await Expect(_page.Locator(".status")).ToHaveTextAsync("completed");
        await Expect(_page.Locator(".primes li")).ToHaveCountAsync(40);
        IReadOnlyList<string> shown = await _page.Locator(".primes code").AllTextContentsAsync();
        Assert.Equal((await PrimesAsync(IdInAddress())).Reverse(), shown);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Copy prime 40" }).ClickAsync();
        Assert.Equal(shown[0], await _page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Theory]
    [InlineData("Text", "text/plain", "txt")]
    [InlineData("CSV", "text/csv", "csv")]
    [InlineData("JSON", "application/json", "json")]
    [InlineData("NDJSON", "application/x-ndjson", "ndjson")]
    public async Task Primes_can_be_saved_as_a_file(string name, string accept, string extension)
    {
        Guid id = await api.AskAndWaitAsync(300, 20);
        await OpenAsync(id);

        IDownload download = await _page.RunAndWaitForDownloadAsync(() => _page.GetByRole(AriaRole.Button, new() { Name = $"Download {name}", Exact = true }).ClickAsync());

        Assert.Equal($"primes-{id}.{extension}", download.SuggestedFilename);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}") { Headers = { { "Accept", accept } } };
        using HttpResponseMessage expected = await api.Client.SendAsync(request, Cancellation);
        Assert.Equal(await expected.Content.ReadAsStringAsync(Cancellation), await File.ReadAllTextAsync(await download.PathAsync(), Cancellation));
    }

    [Fact]
    public async Task A_million_primes_do_not_flood_the_page_and_can_be_cancelled()
    {
        Guid id = await api.AskAsync(1_000_000, 12);
        await OpenAsync(id);
        await Expect(_page.Locator(".link")).ToHaveTextAsync("Live");
        await Expect(_page.Locator(".primes li")).ToHaveCountAsync(100);
        double before = await ProgressAsync();
        await _page.WaitForFunctionAsync("before => document.querySelector('progress').value > before", before);

        await _page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(_page.Locator(".status")).ToHaveTextAsync("cancelled");
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeHiddenAsync();
        await Expect(_page.Locator(".primes li")).ToHaveCountAsync(100);
        Assert.Equal("cancelled", (await api.GetAsync($"/api/status/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Invalid_input_is_named_at_its_field_and_the_largest_quantity_that_fits_is_offered()
    {
        await _page.GotoAsync("/");
        await _page.GetByLabel("How many").FillAsync("0");
        await _page.GetByLabel("Digits of each").FillAsync("5");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Find primes" }).ClickAsync();

        await Expect(_page.Locator("#quantity-error")).ToHaveTextAsync("How many must be a whole number from 1 to 1,000,000.");
        await Expect(_page.Locator("#digits-error")).ToHaveTextAsync("Digits of each must be a whole number from 12 to 10,000.");
        await Expect(_page.GetByLabel("How many")).ToBeFocusedAsync();
        await Expect(_page.GetByLabel("How many")).ToHaveAttributeAsync("aria-invalid", "true");

        await _page.GetByLabel("How many").FillAsync("1000000");
        await _page.GetByLabel("Digits of each").FillAsync("10000");
        await Expect(_page.Locator("#quantity-error")).ToContainTextAsync("at 10,000 digits: a request is limited to 720 core-hours");
        await _page.Locator("#quantity-error button").ClickAsync();
        await Expect(_page.Locator("#quantity-error")).ToBeEmptyAsync();
        await Expect(_page.Locator(".estimate")).ToContainTextAsync("with 1 worker");
    }

    [Fact]
    public async Task A_page_that_is_reloaded_during_a_run_continues()
    {
        Guid id = await api.AskAsync(1_000_000, 12);
        await OpenAsync(id);
        await Expect(_page.Locator(".primes li")).ToHaveCountAsync(100);

        await _page.ReloadAsync();

        await Expect(_page.Locator(".link")).ToHaveTextAsync("Live");
        await Expect(_page.Locator(".primes li")).ToHaveCountAsync(100);
        double before = await ProgressAsync();
        await _page.WaitForFunctionAsync("before => document.querySelector('progress').value > before", before);
        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
        await Expect(_page.Locator(".link")).ToHaveTextAsync("The request was deleted.");
    }

    [Fact]
    public async Task A_request_that_failed_says_why()
    {
        Guid id = await api.AskAsync(1, 9_500);
        await OpenAsync(id);
        await api.Service<IRequestStore>().FailAsync(id, "Batch 0 failed 10 times.", Cancellation);

        await Expect(_page.Locator(".status")).ToHaveTextAsync("failed");
        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Batch 0 failed 10 times.");
    }

    [Fact]
    public async Task A_lone_large_prime_shows_what_to_expect_and_its_bar_is_still_once_it_is_cancelled()
    {
        Guid id = await api.AskAsync(1, 9_500);
        await OpenAsync(id);
        await Expect(_page.Locator("dl.figures")).ToContainTextAsync("Expected, on average");
        await Expect(_page.Locator("dl.figures")).ToContainTextAsync("about ");
        await Expect(_page.Locator("dl.figures")).ToContainTextAsync("Time gone");
        Assert.Equal(-1, await _page.EvaluateAsync<double>("document.querySelector('progress').position"));

        await _page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(_page.Locator("progress.still")).ToHaveAttributeAsync("value", "0");
        await _page.GetByText("Ask again").ClickAsync();
        await Expect(_page.GetByLabel("How many")).ToHaveValueAsync("1");
        await Expect(_page.GetByLabel("Digits of each")).ToHaveValueAsync("9500");
    }

    [Fact]
    public async Task A_request_is_deleted_once_that_is_confirmed()
    {
        Guid id = await api.AskAndWaitAsync(3, 20);
        await OpenAsync(id);
        bool isSure = false;
        _page.Dialog += (_, dialog) => _ = isSure ? dialog.AcceptAsync() : dialog.DismissAsync();

        await _page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        Assert.Equal("completed", (await api.GetAsync($"/api/status/{id}")).GetProperty("status").GetString());
        isSure = true;
        await _page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(Heading("Requests")).ToBeVisibleAsync();
        using HttpResponseMessage gone = await api.Client.GetAsync($"/api/status/{id}", Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_unknown_request_shows_the_error_of_the_API()
    {
        await _page.GotoAsync("/#/requests/0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f");

        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No request has the id 0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f.");
    }

    [Fact]
    public async Task Numbers_are_tested_and_invalid_lines_are_named_beside_the_answers()
    {
        await _page.GotoAsync("/#/verify");
        await _page.GetByLabel("Numbers").FillAsync("561\n2305843009213693951");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();

        await Expect(_page.Locator(".verdicts li")).ToHaveCountAsync(2);
        await Expect(_page.Locator(".verdicts .composite")).ToContainTextAsync("561");
        await Expect(_page.Locator(".verdicts .prime")).ToContainTextAsync("prime (exact)");

        await _page.GetByLabel("Numbers").FillAsync("7\n\n12 345\n91\n007\n-5");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(
        [
            "Line 3: Write the number without separators, one number per line.", "Line 5: Leave out the leading zeros.",
            "Line 6: Only the digits 0 to 9 are allowed, without a sign.",
        ]);
        await Expect(_page.Locator(".verdicts code")).ToHaveTextAsync(["7", "91"]);
    }

    [Fact]
    public async Task Requests_are_listed_filtered_paged_and_cancelled()
    {
        using var fresh = new StandaloneApi();
        for (int i = 0; i < 24; i++)
            await fresh.AskAndWaitAsync(1, 12 + i);
        Guid running = await fresh.AskAsync(1, 9_500);
        await using IBrowserContext context = await chromium.OpenAsync(fresh.Client.BaseAddress!);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync("/#/requests");

        await Expect(page.Locator(".requests li")).ToHaveCountAsync(20);
        await Expect(page.Locator(".requests li").First).ToContainTextAsync("1 × 9,500 digits");
        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(page.Locator(".requests li")).ToHaveCountAsync(5);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Older" })).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Newer" }).ClickAsync();
        await Expect(page.Locator(".requests li")).ToHaveCountAsync(20);

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel 1 × 9,500 digits" }).ClickAsync();
        await Expect(page.Locator(".requests li").First).ToContainTextAsync("cancelled");
        Assert.Equal("cancelled", (await fresh.GetAsync($"/api/status/{running}")).GetProperty("status").GetString());
        await page.GetByLabel("Show").SelectOptionAsync("cancelled");
        await Expect(page.Locator(".requests li")).ToHaveCountAsync(1);
        Assert.EndsWith("#/requests?status=cancelled", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Show")).ToHaveValueAsync("cancelled");
        await Expect(page.Locator(".requests li")).ToHaveCountAsync(1);
        await page.GetByLabel("Show").SelectOptionAsync("failed");
        await Expect(page.GetByText("There are no failed requests.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_system_is_shown_with_its_workers_and_a_chart()
    {
        await _page.GotoAsync("/#/system");

        await Expect(_page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(_page.Locator("tbody th")).ToHaveTextAsync($"{Environment.MachineName}/{Environment.ProcessId}");
        await Expect(_page.Locator(".chart-line").First).ToHaveAttributeAsync("d", Path());
        await Expect(_page.Locator(".chart svg").First).ToHaveAttributeAsync("aria-label", Label());
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1_200)]
    public async Task A_prime_of_ten_thousand_digits_does_not_break_the_layout(int width)
    {
        await _page.SetViewportSizeAsync(width, 800);
        Guid id = await StoredRequests.FillAsync(api.Service<IRequestStore>(), primes: 3, digits: 10_000);
        await OpenAsync(id);
        await Expect(_page.Locator(".primes li")).ToHaveCountAsync(3);
        Assert.False(await OverflowsAsync());

        await _page.GetByRole(AriaRole.Button, new() { Name = "Expand" }).First.ClickAsync();

        Assert.Equal(10_000, (await _page.Locator(".primes code").First.TextContentAsync())!.Length);
        Assert.False(await OverflowsAsync());
        await _page.GotoAsync("/#/requests");
        await Expect(_page.Locator(".requests li").First).ToContainTextAsync("10,000 digits");
        Assert.False(await OverflowsAsync());
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await _page.GotoAsync("/");
        await _page.Keyboard.PressAsync("Tab");
        await Expect(_page.GetByText("Skip to the content")).ToBeFocusedAsync();
        for (int i = 0; i < 6; i++)
            await _page.Keyboard.PressAsync("Tab");
        await Expect(_page.GetByLabel("How many")).ToBeFocusedAsync();
        await _page.Keyboard.PressAsync("Control+a");
        await _page.Keyboard.TypeAsync("3");
        await _page.Keyboard.PressAsync("Enter");

        await Expect(Heading("3 primes of 100 digits")).ToBeVisibleAsync();
        await Expect(_page.Locator("main")).ToBeFocusedAsync();
        await Expect(_page.Locator("#announcer")).ToContainTextAsync("completed: 3 primes found");
    }

    [Fact]
    public async Task The_page_asks_for_a_token_and_continues_with_it()
    {
        using var guarded = new StandaloneApi();
        await using IBrowserContext context = await chromium.OpenAsync(guarded.Client.BaseAddress!);
        IPage page = await context.NewPageAsync();
        // Only the answer without a token is simulated.
        await page.RouteAsync("**/api/**", async route =>
        {
            if (route.Request.Headers.GetValueOrDefault("authorization") == "Bearer good")
                await route.ContinueAsync();
            else
                await route.FulfillAsync(new() { Status = 401, ContentType = "application/problem+json", Body = """{"title":"Unauthorized","status":401}""" });
        });
        await page.GotoAsync("/#/requests");
        await Expect(page.GetByText("This service needs a bearer token.")).ToBeVisibleAsync();
        await page.GetByLabel("Token").FillAsync("bad");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByText("did not accept the token")).ToBeVisibleAsync();

        await page.GetByLabel("Token").FillAsync("good");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await Expect(page.GetByText("There are no requests yet.")).ToBeVisibleAsync();
        Assert.Equal("good", await page.EvaluateAsync<string>("sessionStorage.getItem('primes.token')"));
    }

    [Fact]
    public async Task In_dark_mode_the_page_is_dark()
    {
        await _page.GotoAsync("/");
        Assert.True(await BrightnessAsync("backgroundColor") > await BrightnessAsync("color"));

        await _page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });

        Assert.True(await BrightnessAsync("backgroundColor") < await BrightnessAsync("color"));
    }

    private ILocator Heading(string name) => _page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 });

    private Task OpenAsync(Guid id) => _page.GotoAsync($"/#/requests/{id}");

    private Guid IdInAddress() => Guid.Parse(_page.Url.Split('/')[^1]);

    private Task<double> ProgressAsync() => _page.EvaluateAsync<double>("document.querySelector('progress').value");

    private Task<int> BrightnessAsync(string color) =>
        _page.EvaluateAsync<int>("name => getComputedStyle(document.body)[name].match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)", color);

    private Task<bool> OverflowsAsync() => _page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    private async Task<string[]> PrimesAsync(Guid id) =>
        [.. (await api.GetAsync($"/api/result/{id}")).GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];

    [GeneratedRegex("^M[0-9.]+,[0-9.]+(L|$)")]
    private static partial Regex Path();

    [GeneratedRegex("^Primes per second, the last 5 minutes: now ")]
    private static partial Regex Label();
}
