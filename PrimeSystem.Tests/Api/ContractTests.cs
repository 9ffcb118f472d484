using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PrimeSystem.Tests.Api;

/// <summary>The endpoints that existing clients use, name for name.</summary>
public sealed partial class ContractTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_request_is_answered_with_202_a_location_and_an_id_that_grep_finds()
    {
        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/new", new { quantity = 5, digits = 12 }, Cancellation);

        string body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Match id = RequestId().Match(body);
        Assert.True(id.Success, body);
        Assert.Equal($"/api/status/{id.Groups[1].Value}", response.Headers.Location?.ToString());
        Assert.Equal(["request_id", "message"], Names(JsonDocument.Parse(body).RootElement));
    }

    [Fact]
    public async Task Status_has_exactly_the_fields_of_the_contract()
    {
        Guid id = await api.AskAndWaitAsync(5, 12);

        JsonElement status = await api.GetAsync($"/api/status/{id}");

        Assert.Equal(
            ["request_id", "quantity", "digits", "generated_count", "status", "progress_percentage", "created_at", "updated_at"], Names(status));
        Assert.Equal(id, status.GetProperty("request_id").GetGuid());
        Assert.Equal((5, 12, 5), (Int(status, "quantity"), Int(status, "digits"), Int(status, "generated_count")));
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal(100, status.GetProperty("progress_percentage").GetDouble());
        Assert.True(status.GetProperty("updated_at").GetDateTimeOffset() >= status.GetProperty("created_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_result_holds_the_distinct_primes_as_decimal_strings_of_the_exact_length()
    {
        Guid id = await api.AskAndWaitAsync(500, 13);

        JsonElement result = await api.GetAsync($"/api/result/{id}");

        Assert.Equal(["request_id", "quantity", "generated_count", "status", "prime_numbers"], Names(result));
        string[] primes = [.. result.GetProperty("prime_numbers").EnumerateArray().Select(prime => prime.GetString()!)];
        Assert.Equal(500, primes.Distinct().Count());
        Assert.Equal(500, primes.Length);
        Assert.All(primes, prime => Assert.Matches("^[1-9][0-9]{12}$", prime));
    }

    [Fact]
    public async Task An_unfinished_request_shows_its_progress_and_the_primes_found_so_far()
    {
        Guid id = await api.AskAsync(400, 400);
        JsonElement status;
        do
        {
            await Task.Delay(50, Cancellation);
            status = await api.GetAsync($"/api/status/{id}");
        }
        while (Int(status, "generated_count") == 0);

        Assert.Equal("processing", status.GetProperty("status").GetString());
        double percentage = status.GetProperty("progress_percentage").GetDouble();
        Assert.Equal(Math.Floor(Int(status, "generated_count") * 10_000.0 / 400) / 100, percentage);
        JsonElement result = await api.GetAsync($"/api/result/{id}");
        Assert.Equal(Int(result, "generated_count"), result.GetProperty("prime_numbers").GetArrayLength());
        await api.Client.DeleteAsync($"/api/requests/{id}?purge=true", Cancellation);
    }

    [Fact]
    public async Task Version_1_has_the_same_endpoints_under_its_own_prefix()
    {
        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/v1/new", new { quantity = 1, digits = 12 }, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Guid id = (await StandaloneApi.JsonAsync(response)).GetProperty("request_id").GetGuid();
        await api.WaitAsync(id);
        Assert.Equal(1, Int(await api.GetAsync($"/api/v1/status/{id}"), "quantity"));
        Assert.Equal(1, (await api.GetAsync($"/api/v1/result/{id}")).GetProperty("prime_numbers").GetArrayLength());
    }

    [Fact]
    public async Task The_root_greets_programs_and_shows_browsers_the_page()
    {
        JsonElement greeting = await api.GetAsync("/");
        Assert.Equal("""{"status":"healthy","service":"PrimeSystem"}""", greeting.GetRawText());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using HttpResponseMessage page = await api.Client.SendAsync(request, Cancellation);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<title>PrimeSystem</title>", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains("Accept", page.Headers.Vary);
    }

    [Fact]
    public async Task OpenApi_describes_every_endpoint_and_the_page_shows_it_without_another_host()
    {
        JsonElement document = await api.GetAsync("/openapi/v1.json");

        Assert.Equal(
            [
                "/api/estimate", "/api/limits", "/api/new", "/api/requests", "/api/requests/{id}", "/api/result/{id}", "/api/status/{id}", "/api/stream/{id}",
                "/api/system", "/api/verify",
            ],
            Names(document.GetProperty("paths")).Order(StringComparer.Ordinal));
        JsonElement formats = document.GetProperty("paths").GetProperty("/api/result/{id}").GetProperty("get").GetProperty("responses")
            .GetProperty("200").GetProperty("content");
        Assert.Equal(["application/json", "text/plain", "application/x-ndjson", "text/csv"], Names(formats));
        JsonElement asked = document.GetProperty("components").GetProperty("schemas").GetProperty("NewRequest");
        Assert.Equal(["quantity", "digits"], asked.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        JsonElement digits = asked.GetProperty("properties").GetProperty("digits");
        Assert.Equal(("integer", 12, 10_000), (digits.GetProperty("type").GetString(), Int(digits, "minimum"), Int(digits, "maximum")));
        string page = await api.Client.GetStringAsync("/docs/", Cancellation);
        Assert.Contains("PrimeSystem", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|link)[^>]+(src|href)=\"https?://", page);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    [GeneratedRegex("\"request_id\":\"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\"")]
    private static partial Regex RequestId();
}
