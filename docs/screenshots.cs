// Takes the pictures of the documentation: dotnet run docs/screenshots.cs
// With a folder as argument it instead takes every view there, light and dark, on a desktop and on a phone. With the login URL of a running Aspire
// dashboard, which the AppHost prints, it takes the dashboard's pictures, of the newest request among its traces.
#:property PublishAot=false
#:package Microsoft.Playwright
#:project ../PrimeSystem.TestServers/PrimeSystem.TestServers.csproj

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using PrimeSystem.TestServers;

using IPlaywright playwright = await Playwright.CreateAsync();
await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
if (args is [string login] && login.StartsWith("http", StringComparison.Ordinal))
{
    IPage dashboard = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1_280, Height = 760 } });
    await dashboard.GotoAsync(login);
    await dashboard.GetByText("Web page").First.WaitForAsync();
    await dashboard.ScreenshotAsync(new() { Path = Repository.PathOf("docs", "aspire-resources.png") });
    await dashboard.GotoAsync(new Uri(new Uri(login), "/traces").ToString());
    await dashboard.GetByText("POST /api/new").Last.ClickAsync();
    await dashboard.GetByText("commit batch").First.WaitForAsync();
    await dashboard.ScreenshotAsync(new() { Path = Repository.PathOf("docs", "aspire-trace.png") });
    return;
}

string data = Directory.CreateTempSubdirectory("primes-pictures-").FullName;
await using (ServiceProcess api = await ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = data }, port: 8000))
{
    foreach ((int quantity, int digits) in new[] { (10, 100), (1_000, 20), (100, 309) })
        await CompletedAsync(await RequestAsync(quantity, digits));
    string completed = await RequestAsync(40, 60);
    await CompletedAsync(completed);
    string running = await RequestAsync(400_000, 18);

    // The address of each view, an element that it shows once it is complete, and its picture in the documentation.
    (string Name, string Address, string Element, string? Picture, bool IsPhone, bool IsDark)[] views =
    [
        ("request", $"/#/requests/{running}", ".primes li", "page-request", false, false),
        ("request", $"/#/requests/{running}", ".primes li", "page-phone", true, true),
        ("system", "/#/system", "tbody tr", "page-system", false, true),
        ("new", "/", ".recent li", "page-ask", false, false),
        ("docs", "/docs/", "h1", "api-page", false, false),
        ("completed", $"/#/requests/{completed}", ".primes li", null, false, false),
        ("requests", "/#/requests", ".requests li", null, false, false),
        ("verify", "/#/verify", "textarea", null, false, false),
    ];
    if (args is [string folder])
    {
        foreach (var view in views.DistinctBy(view => view.Name))
        {
            foreach ((bool isPhone, bool isDark) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                string file = $"{view.Name}-{(isPhone ? "phone" : "desktop")}-{(isDark ? "dark" : "light")}.png";
                await TakeAsync(view.Address, view.Element, isPhone, isDark, Path.Combine(folder, file));
            }
        }
    }
    else
    {
        foreach (var view in views.Where(view => view.Picture is not null))
            await TakeAsync(view.Address, view.Element, view.IsPhone, view.IsDark, Repository.PathOf("docs", $"{view.Picture}.png"));
    }

    async Task<string> RequestAsync(int quantity, int digits)
    {
        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/new", new Dictionary<string, int> { ["quantity"] = quantity, ["digits"] = digits });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request_id").GetString()!;
    }

    async Task CompletedAsync(string id)
    {
        while ((await api.Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}")).GetProperty("status").GetString() != "completed")
            await Task.Delay(100);
    }

    async Task TakeAsync(string address, string element, bool isPhone, bool isDark, string file)
    {
        await using IBrowserContext context = await browser.NewContextAsync(new()
        {
            BaseURL = api.Client.BaseAddress!.ToString(),
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = isPhone ? new() { Width = 390, Height = 780 } : new() { Width = 1_100, Height = 820 },
        });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(address);
        await page.Locator(element).First.WaitForAsync(new() { Timeout = 60_000 });
        // Rates need a few seconds of samples.
        await Task.Delay(TimeSpan.FromSeconds(4));
        await page.ScreenshotAsync(new() { Path = file });
        Console.WriteLine(file);
    }
}
Directory.Delete(data, recursive: true);
