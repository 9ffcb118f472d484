using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Cli;

/// <summary>The command line with a standalone server, both as processes.</summary>
public sealed class FollowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primes-follow-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData("txt", "text/plain"), InlineData("csv", "text/csv"), InlineData("ndjson", "application/x-ndjson")]
    public async Task Formats_are_those_of_the_service_to_the_byte(string format, string mediaType)
    {
        await using ServiceProcess api = await StartAsync();
        Outcome run = await PrimesProgram.RunAsync("2000", "--digits", "30", "--server", Url(api), "--format", format);

        Assert.Equal(0, run.Code);
        Assert.Equal(await ResultAsync(api, IdIn(run.Errors), mediaType), run.Output);
        Assert.Equal(2_000 + (format == "csv" ? 1 : 0), run.Lines.Length);
    }

    [Fact]
    public async Task The_document_has_the_members_of_the_service_and_goes_into_a_file()
    {
        await using ServiceProcess api = await StartAsync();
        string file = Path.Combine(_folder, "primes.json");
        Outcome run = await PrimesProgram.RunAsync("20", "--digits", "30", "--server", Url(api), "--format", "json", "--output", file);

        Assert.Equal((0, ""), (run.Code, run.Output));
        JsonElement theirs = JsonDocument.Parse(await ResultAsync(api, IdIn(run.Errors), "application/json")).RootElement;
        JsonElement ours = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancellation)).RootElement;
        Assert.Equal(
            theirs.EnumerateObject().Select(member => (member.Name, member.Value.GetRawText())).Order(),
            ours.EnumerateObject().Select(member => (member.Name, member.Value.GetRawText())).Order());
    }

    [Fact]
    public async Task A_server_killed_and_restarted_during_a_run_loses_no_prime()
    {
        const int Quantity = 30_000;
        int port = FreePort.Next();
        ServiceProcess api = await StartAsync(port);
        await using PrimesProgram program = PrimesProgram.Start(["30000", "--digits", "40", "--server", $"http://127.0.0.1:{port}"]);
        await Eventually.TrueAsync(() => Task.FromResult(program.Lines.Length > 0), TimeSpan.FromMinutes(2), "primes come while the request runs");
        await api.KillAsync();
        await api.DisposeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(program.Errors.Contains("Retrying", StringComparison.Ordinal)), TimeSpan.FromMinutes(1), "it notices");
        Assert.InRange(program.Lines.Length, 1, Quantity - 1);

        await using ServiceProcess second = await StartAsync(port);
        Outcome run = await program.WaitAsync();

        Assert.Equal(0, run.Code);
        Assert.Equal(Quantity, run.Lines.Distinct().Count());
        Assert.Equal(await ResultAsync(second, IdIn(run.Errors), "text/plain"), run.Output);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_request_and_prints_how_to_return_to_it()
    {
        await using ServiceProcess api = await StartAsync();
        await using PrimesProgram program = PrimesProgram.Start(["1", "--digits", "9000"], new() { ["PRIMES_SERVER"] = Url(api) });
        await Eventually.TrueAsync(() => Task.FromResult(program.Errors.Contains("Request ", StringComparison.Ordinal)), TimeSpan.FromMinutes(1), "it is accepted");
        Outcome run = await program.InterruptAsync();

        Assert.Equal((130, ""), (run.Code, run.Output));
        string id = IdIn(run.Errors);
        Assert.Contains("Stopped: received 0 of 1 prime.", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"primes get {id}", run.Errors, StringComparison.Ordinal);
        Assert.Contains(await StatusAsync(api, id), new[] { "pending", "processing" });
    }

    [Fact]
    public async Task A_closed_pipe_cancels_the_request()
    {
        await using ServiceProcess api = await StartAsync();
        Outcome run = await PrimesProgram.ShellAsync($"primes 1000000 --digits 40 --server {Url(api)} | head -1; echo ${{PIPESTATUS[0]}}");

        Assert.Equal(["141"], run.Lines[1..]);
        Assert.Equal("cancelled", await StatusAsync(api, IdIn(run.Errors)));
    }

    [Fact]
    public async Task A_detached_request_is_fetched_from_any_position()
    {
        await using ServiceProcess api = await StartAsync();
        Outcome detached = await PrimesProgram.RunAsync("50", "--digits", "20", "--server", Url(api), "--detach");
        string id = Assert.Single(detached.Lines);
        Outcome all = await PrimesProgram.RunAsync("get", id, "--server", Url(api));
        Outcome rest = await PrimesProgram.RunAsync("get", id, "--server", Url(api), "--offset", "48", "--format", "csv");

        Assert.Equal(new Outcome(0, $"{id}\n", ""), detached);
        Assert.Equal((0, 50), (all.Code, all.Lines.Length));
        Assert.Equal(new Outcome(0, $"position,prime\n48,{all.Lines[48]}\n49,{all.Lines[49]}\n", ""), rest);
    }

    [Fact]
    public async Task An_offset_beyond_the_end_is_an_error()
    {
        await using ServiceProcess api = await StartAsync();
        string id = (await PrimesProgram.RunAsync("5", "--digits", "20", "--server", Url(api), "--detach")).Output.Trim();
        await PrimesProgram.RunAsync("get", id, "--server", Url(api));

        Outcome atEnd = await PrimesProgram.RunAsync("get", id, "--server", Url(api), "--offset", "5");
        Outcome beyond = await PrimesProgram.RunAsync("get", id, "--server", Url(api), "--offset", "6");

        Assert.Equal(new Outcome(0, "", ""), atEnd);
        Assert.Equal((2, ""), (beyond.Code, beyond.Output));
        Assert.Contains("--offset must be at most 5: the request is completed with 5 of 5 primes.", beyond.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_listed_and_shown()
    {
        await using ServiceProcess api = await StartAsync();
        string done = (await PrimesProgram.RunAsync("5", "--digits", "20", "--server", Url(api), "--detach")).Output.Trim();
        await PrimesProgram.RunAsync("get", done, "--server", Url(api));
        string open = (await PrimesProgram.RunAsync("1", "--digits", "9000", "--server", Url(api), "--detach")).Output.Trim();

        Outcome list = await PrimesProgram.RunAsync("list", "--server", Url(api));
        Outcome completed = await PrimesProgram.RunAsync("list", "--server", Url(api), "--status", "completed");
        Outcome status = await PrimesProgram.RunAsync("status", done, "--server", Url(api));

        Assert.Equal([open, done], list.Lines.Select(line => line[..36]));
        Assert.Matches($"^{done}  completed   5 of 5 primes +20 digits +20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}} [0-9]{{2}}:[0-9]{{2}} UTC$", Assert.Single(completed.Lines));
        Assert.Equal((0, completed.Output), (status.Code, status.Output));
    }

    [Fact]
    public async Task Following_a_cancelled_request_ends_with_1()
    {
        await using ServiceProcess api = await StartAsync();
        string id = (await PrimesProgram.RunAsync("1", "--digits", "9000", "--server", Url(api), "--detach")).Output.Trim();
        Outcome cancelled = await PrimesProgram.RunAsync("cancel", id, "--server", Url(api));
        Outcome followed = await PrimesProgram.RunAsync("get", id, "--server", Url(api));

        Assert.Equal(new Outcome(0, "", "Cancelled after 0 of 1 prime.\n"), cancelled);
        Assert.Equal(new Outcome(1, "", "The request is cancelled after 0 of 1 prime.\n"), followed);
    }

    [Theory]
    [InlineData("3 --digits 5", 2, "digits must be a whole number from 12 to 10000.")]
    [InlineData("1000001 --digits 12", 2, "quantity must be a whole number from 1 to 1000000.")]
    [InlineData("get 0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f", 3, "No request has the id")]
    public async Task Errors_show_the_text_of_the_server(string arguments, int code, string expected)
    {
        await using ServiceProcess api = await StartAsync();
        Outcome run = await PrimesProgram.RunAsync([.. arguments.Split(' '), "--server", Url(api)]);

        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_server_is_named_by_its_address()
    {
        string url = $"http://127.0.0.1:{FreePort.Next()}";
        Outcome run = await PrimesProgram.RunAsync("1", "--digits", "12", "--server", url, "--patience", "0");

        Assert.Equal((3, $"primes: {url} does not answer (Connection refused).\n"), (run.Code, run.Errors));
    }

    [Fact]
    public async Task A_call_whose_answer_is_lost_is_repeated_with_its_key_and_token()
    {
        await using var server = await ForgetfulServer.StartAsync();
        await using PrimesProgram program = PrimesProgram.Start(
            ["1", "--digits", "12", "--server", server.Url, "--detach"], new() { ["PRIMES_TOKEN"] = "the-token" });
        Outcome run = await program.WaitAsync();

        Assert.Equal((0, $"{ForgetfulServer.Id}\n"), (run.Code, run.Output));
        Assert.Equal(3, server.Calls.Count);
        Assert.Single(server.Calls.Distinct());
        Assert.Matches("^[0-9a-f-]{36} Bearer the-token$", server.Calls[0]);
        Assert.DoesNotContain("the-token", run.Errors, StringComparison.Ordinal);
    }

    private static string Url(ServiceProcess api) => api.Client.BaseAddress!.ToString();

    private static string IdIn(string errors) => Regex.Match(errors, "Request ([0-9a-f-]{36})").Groups[1].Value;

    private static async Task<string?> StatusAsync(ServiceProcess api, string id) =>
        (await api.Client.GetFromJsonAsync<JsonElement>($"/api/status/{id}", Cancellation)).GetProperty("status").GetString();

    private static async Task<string> ResultAsync(ServiceProcess api, string id, string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/result/{id}") { Headers = { { "Accept", mediaType } } };
        using HttpResponseMessage response = await api.Client.SendAsync(request, Cancellation);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation);
    }

    private Task<ServiceProcess> StartAsync(int? port = null) =>
        ServiceProcess.StartApiAsync(new Dictionary<string, string?> { ["Data__Folder"] = _folder }, port);
}
