using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PrimeSystem.Tests.Api.Errors;

/// <summary>An invalid call is answered with a problem that names the field and the limit, and has no effect.</summary>
public sealed class ErrorTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private const string UnknownId = "0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> BadRequests => new()
    {
        { """{"quantity": 0, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": -1, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": 1000001, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": 1e9, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": 99999999999999999999, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": 1.5, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": "5", "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": null, "digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"digits": 12}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": 1, "digits": 11}""", "digits", "from 12 to 10000" },
        { """{"quantity": 1, "digits": 10001}""", "digits", "from 12 to 10000" },
        { """{"quantity": 1, "digits": "abc"}""", "digits", "from 12 to 10000" },
        { """{"quantity": 1, "digits": [12]}""", "digits", "from 12 to 10000" },
        { """{"quantity": 1}""", "digits", "from 12 to 10000" },
        { """{"quantity": 1000000, "digits": 10000}""", "quantity", "core-hours" },
        { """{"quantity": "5", "digits": "x"}""", "quantity", "from 1 to 1000000" },
        { """{"quantity": "5", "digits": "x"}""", "digits", "from 12 to 10000" },
        { """{"quantity": 1, "digits": 12, "colour": "red"}""", "colour", "takes quantity and digits" },
        { """{"Quantity": 1, "digits": 12}""", "Quantity", "takes quantity and digits" },
        { """{"quantity": 1, "quantity": 2, "digits": 12}""", "quantity", "occurs twice" },
        { """{"quantity": 1, "digits": 12, "x": 1, "x": 2}""", "x", "occurs twice" },
        { """{"quantity": 1, "digits": 12""", "body", "JSON object" },
        { """{"quantity": 1, "digits": 12}}""", "body", "JSON object" },
        { "[]", "body", "JSON object" },
        { "null", "body", "JSON object" },
        { "12", "body", "JSON object" },
        { "", "body", "JSON object" },
        { "\0\u0001", "body", "JSON object" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task A_bad_request_is_400_and_names_field_and_limit(string body, string field, string limit)
    {
        using HttpResponseMessage response = await PostAsync("/api/new", body);

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(limit, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(field, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync("/api/requests")).GetProperty("requests").EnumerateArray());
    }

    [Theory]
    [InlineData("GET", "/api/status/xyz", "id")]
    [InlineData("GET", "/api/result/xyz", "id")]
    [InlineData("DELETE", "/api/requests/xyz", "id")]
    [InlineData("GET", "/api/result/" + UnknownId + "?offset=-1", "offset")]
    [InlineData("GET", "/api/result/" + UnknownId + "?offset=abc", "offset")]
    [InlineData("GET", "/api/result/" + UnknownId + "?limit=0", "limit")]
    [InlineData("GET", "/api/result/" + UnknownId + "?limit=99999999999", "limit")]
    [InlineData("GET", "/api/requests?limit=0", "limit", "from 1 to 500")]
    [InlineData("GET", "/api/requests?limit=501", "limit", "from 1 to 500")]
    [InlineData("GET", "/api/requests?limit=2147483648", "limit", "from 1 to 500")]
    [InlineData("GET", "/api/result/" + UnknownId + "?limit=2147483648", "limit", "from 1 to 2147483647")]
    [InlineData("GET", "/api/system?history=abc", "history", "from 0 to 150")]
    [InlineData("GET", "/api/system?history=151", "history", "from 0 to 150")]
    [InlineData("GET", "/api/estimate?quantity=abc&digits=12", "quantity", "from 1 to 1000000")]
    [InlineData("GET", "/api/requests?status=done", "status")]
    [InlineData("GET", "/api/requests?cursor=xyz", "cursor")]
    [InlineData("DELETE", "/api/requests/" + UnknownId + "?purge=perhaps", "purge")]
    public async Task A_bad_parameter_is_400_and_is_named(string method, string path, string field, string limit = "")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        string error = problem.GetProperty("errors").GetProperty(field)[0].GetString()!;
        Assert.StartsWith($"{field} must be", error, StringComparison.Ordinal);
        Assert.Contains(limit, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_number_may_be_written_with_a_point_or_an_exponent()
    {
        using var fresh = new StandaloneApi();
        using var content = new StringContent("""{"quantity": 5.0, "digits": 1.2e1}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await fresh.Client.PostAsync("/api/new", content, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains("5 primes of 12 digits", (await StandaloneApi.JsonAsync(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"numbers": [7]}""", "numbers[0]", "numbers[0] must be a string")]
    [InlineData("""{"numbers": ["5", {"a": [1]}, "7"]}""", "numbers[1]", "numbers[1] must be a string")]
    [InlineData("""{"numbers": 7}""", "numbers", "numbers must be an array")]
    [InlineData("""{"numbers": ["\ud800"]}""", "numbers[0]", "numbers[0] must be a string")]
    [InlineData("""{"number": ["7"]}""", "number", "takes numbers")]
    [InlineData("""{"numbers": ["7"], "numbers": ["8"]}""", "numbers", "occurs twice")]
    public async Task A_bad_list_is_400_and_names_the_element(string body, string field, string rule)
    {
        using HttpResponseMessage response = await PostAsync("/api/verify", body);

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(rule, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/status/" + UnknownId)]
    [InlineData("GET", "/api/result/" + UnknownId)]
    [InlineData("DELETE", "/api/requests/" + UnknownId)]
    [InlineData("DELETE", "/api/requests/" + UnknownId + "?purge=true")]
    [InlineData("GET", "/no/such/thing")]
    public async Task An_unknown_id_or_address_is_404(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);

        await ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_error_is_a_problem_whatever_the_client_accepts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/no/such/thing");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.NotFound);
        Assert.Contains("nothing at this address", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_in_an_unknown_encoding_is_the_clients_error()
    {
        using HttpResponseMessage response = await PostAsync("/api/new", """{"quantity": 1, "digits": 12}""", "application/json; charset=foo");

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_body_of_10_MB_is_413_and_the_limit_is_named()
    {
        using HttpResponseMessage response = await PostAsync("/api/new", new string(' ', 10_000_000));

        JsonElement problem = await ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
        Assert.Contains("1048576 bytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_by_its_type_is_415()
    {
        using HttpResponseMessage response = await PostAsync("/api/new", """{"quantity": 1, "digits": 12}""", "text/plain");

        await ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task An_unsupported_method_is_405()
    {
        using HttpResponseMessage response = await api.Client.GetAsync("/api/new", Cancellation);

        await ProblemAsync(response, HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Invalid_calls_are_not_logged_as_unhandled_exceptions()
    {
        var log = new ConcurrentQueue<string>();
        using var fresh = new StandaloneApi([]);
        fresh.Service<Microsoft.Extensions.Logging.ILoggerFactory>().AddProvider(new CapturingLogger(log));
        foreach (string body in new[] { """{"quantity": "abc"}""", "{", "", new string(' ', 2_000_000) })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await fresh.Client.PostAsync("/api/new", content, Cancellation);
            Assert.InRange((int)response.StatusCode, 400, 499);
        }
        await fresh.Client.GetAsync("/api/status/xyz", Cancellation);

        Assert.Empty(log);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string type = "application/json")
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await api.Client.PostAsync(path, content, Cancellation);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await StandaloneApi.JsonAsync(response);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
