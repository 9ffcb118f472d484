using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PrimeSystem.Cli.Local;
using PrimeSystem.Cli.Output;
using PrimeSystem.Tests.Infrastructure;
using PrimeSystem.Tests.Primes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Cli;

public class GenerateTests
{
    [Fact]
    public async Task Primes_come_one_per_line_and_nothing_else()
    {
        Outcome run = await PrimesProgram.RunAsync("10", "--digits", "60");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(10, run.Lines.Distinct().Count());
        Assert.All(run.Lines, line => Assert.Equal(60, line.Length));
        await OpenSslPrimes.AssertAllPrimeAsync(run.Lines);
    }

    [Fact]
    public async Task A_shell_loop_reads_them()
    {
        Outcome run = await PrimesProgram.ShellAsync("primes 5 --digits 100 | while read p; do openssl prime $p; done");

        Assert.Equal(5, run.Lines.Length);
        Assert.All(run.Lines, line => Assert.EndsWith("is prime", line, StringComparison.Ordinal));
    }

    [Theory, InlineData("127"), InlineData("640")]
    public async Task Bits_are_met_exactly(string bits)
    {
        Outcome run = await PrimesProgram.RunAsync("2", "--bits", bits, "--cores", "2", "--rounds", "5");

        Assert.Equal(0, run.Code);
        Assert.Equal([bits, bits], run.Lines.Select(line => BigInteger.Parse(line, CultureInfo.InvariantCulture).GetBitLength().ToString(CultureInfo.InvariantCulture)));
        await OpenSslPrimes.AssertAllPrimeAsync(run.Lines);
    }

    [Fact]
    public async Task All_primes_of_a_size_can_be_requested_and_no_more()
    {
        Outcome all = await PrimesProgram.RunAsync("8363", "--digits", "5");
        Outcome more = await PrimesProgram.RunAsync("8364", "--digits", "5");

        Assert.Equal((0, 8_363), (all.Code, all.Lines.Distinct().Count()));
        Assert.Equal((2, ""), (more.Code, more.Output));
        Assert.Contains("8363", more.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_of_primes_match_a_sieve()
    {
        Assert.All(Enumerable.Range(1, 5), digits =>
            Assert.Equal(Count(digits == 1 ? 0 : (int)Math.Pow(10, digits - 1), (int)Math.Pow(10, digits)), PrimeCounts.Of(new PrimeSize(digits, IsBits: false))));
        Assert.All(Enumerable.Range(2, 17), bits => Assert.Equal(Count(1 << (bits - 1), 1 << bits), PrimeCounts.Of(new PrimeSize(bits, IsBits: true))));

        static int Count(int low, int high) => Enumerable.Range(low, high - low).Count(n => Reference.IsPrime(n));
    }

    [Fact]
    public void Primes_are_remembered_where_they_could_repeat()
    {
        Assert.True(DistinctPrimes.MustRemember(new PrimeSize(12, IsBits: false), 1_000_000));
        Assert.True(DistinctPrimes.MustRemember(new PrimeSize(30, IsBits: false), 1_000_000));
        Assert.False(DistinctPrimes.MustRemember(new PrimeSize(300, IsBits: false), long.MaxValue));

        var distinct = new DistinctPrimes(new PrimeSize(30, IsBits: false), 1_000_000);
        BigInteger prime = BigInteger.Pow(10, 29) + 319;
        Assert.Equal([true, false, true], new[] { distinct.Add(prime), distinct.Add(prime), distinct.Add(prime + 2) });
    }

    [Fact]
    public async Task Ctrl_C_ends_it_and_it_reports_what_was_done()
    {
        await using PrimesProgram program = PrimesProgram.Start(["1000000", "--digits", "200"]);
        await Eventually.TrueAsync(() => Task.FromResult(program.Lines.Length > 1), TimeSpan.FromMinutes(2), "primes come while it runs");
        Outcome run = await program.InterruptAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(130, run.Code);
        Assert.EndsWith($"Stopped: found {run.Lines.Length} of 1000000 primes.\n", run.Errors, StringComparison.Ordinal);
        Assert.All(run.Lines, line => Assert.Equal(200, line.Length));
    }

    [Fact]
    public async Task A_search_for_one_huge_prime_is_interrupted_and_its_document_is_complete()
    {
        await using PrimesProgram program = PrimesProgram.Start(["1", "--digits", "20000", "--format", "json"]);
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Outcome run = await program.InterruptAsync();

        Assert.Equal(130, run.Code);
        Assert.EndsWith("Stopped: found 0 of 1 prime.\n", run.Errors, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(("cancelled", 0), (json.GetProperty("status").GetString(), json.GetProperty("prime_numbers").GetArrayLength()));
    }

    [Fact]
    public async Task It_ends_quietly_when_its_pipe_is_closed()
    {
        Outcome run = await PrimesProgram.ShellAsync("primes 100000000 --digits 12 | head -1; echo ${PIPESTATUS[0]}");

        Assert.Equal(["141"], run.Lines[1..]);
        Assert.Equal("", run.Errors);
    }

    [Fact]
    public async Task It_shares_a_file_with_what_the_shell_writes_before_and_after()
    {
        Outcome run = await PrimesProgram.ShellAsync("echo before; primes 1 --digits 12; echo after");

        Assert.Equal(3, run.Lines.Length);
        Assert.Equal(("before", 12, "after"), (run.Lines[0], run.Lines[1].Length, run.Lines[2]));
    }

    [Fact]
    public async Task A_full_disk_is_one_line_on_the_standard_error()
    {
        Outcome run = await PrimesProgram.ShellAsync("primes 3 --digits 12 > /dev/full");

        Assert.Equal(1, run.Code);
        Assert.Matches("^primes: The output cannot be written: .*\n$", run.Errors);
    }

    [Theory]
    [InlineData("", "--digits N or --bits N")]
    [InlineData("--digits 0", "--digits must be a whole number, from 1 to 100000")]
    [InlineData("--bits 1", "--bits must be a whole number, from 2 to 332192")]
    [InlineData("0 --digits 12", "QUANTITY must be a whole number, 1 or more")]
    [InlineData("many --digits 12", "QUANTITY must be a whole number, 1 or more")]
    [InlineData("3 --digits 12 --bits 40", "--digits and --bits exclude each other")]
    [InlineData("200000000 --digits 20", "QUANTITY must be at most 100000000 at 20 digits")]
    [InlineData("3 --digits 12 --cores 0", "--cores must be a whole number, from 1 to 1024")]
    [InlineData("3 --digits 12 --rounds 0", "--rounds must be a whole number, from 1 to 1000")]
    [InlineData("3 --digits 12 --format xml", "--format must be one of txt, json, ndjson, csv")]
    [InlineData("3 --digits 12 --output /nowhere/primes.txt", "--output: ")]
    [InlineData("3 --digits", "'--digits'")]
    [InlineData("3 --digits 12 --server ftp://example.org", "--server must be an address")]
    [InlineData("3 --digits 12 --detach", "--detach needs a server")]
    [InlineData("3 --bits 64 --server http://127.0.0.1:9", "--bits only applies to computing on this machine")]
    [InlineData("3 --digits 12 @here", "@here")]
    [InlineData("get 5 --server http://127.0.0.1:9", "ID must be a UUID")]
    [InlineData("cancel 00000000-0000-0000-0000-000000000000", "--server URL or PRIMES_SERVER")]
    [InlineData("5 get 00000000-0000-0000-0000-000000000000", "get takes no QUANTITY")]
    [InlineData("list --server http://127.0.0.1:9 --status done", "--status must be one of pending, processing")]
    [InlineData("test 12x", "NUMBER must be a decimal number")]
    public async Task An_error_is_one_line_with_its_option_and_limit(string arguments, string expected)
    {
        Outcome run = await PrimesProgram.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("primes: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task An_unknown_kernel_is_one_line_on_the_standard_error()
    {
        await using PrimesProgram program = PrimesProgram.Start(["1", "--digits", "40"], new() { ["PRIMES_KERNEL"] = "none" });
        Outcome run = await program.WaitAsync();

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Matches("^primes: PRIMES_KERNEL=none: .*\n$", run.Errors);
    }

    [Fact]
    public async Task Help_has_examples_and_the_exit_codes()
    {
        Outcome run = await PrimesProgram.RunAsync("--help");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.All(new[] { "primes 10 --digits 300", "Exit codes:", "PRIMES_TOKEN", "test <NUMBER>" }, text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
    }

    [Theory, InlineData("get"), InlineData("test"), InlineData("list"), InlineData("status"), InlineData("cancel")]
    public async Task The_help_of_a_command_has_no_quantity(string command)
    {
        Outcome run = await PrimesProgram.RunAsync(command, "--help");

        Assert.Contains($"primes {command} ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("QUANTITY", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "[############............] 50 %  5 of 10 primes  3.0 s  1.7/s")]
    [InlineData(45, "[####....] 50 %  5 of 10 primes  3.0 s  1.7/s")]
    [InlineData(40, "50 %  5 of 10 primes  3.0 s  1.7/s")]
    [InlineData(30, "50 %  5 of 10 primes  3.0 s")]
    [InlineData(20, "50 %  5 of 10 primes")]
    public void The_bar_shrinks_on_a_narrow_terminal(int width, string expected) =>
        Assert.Equal(expected, ProgressReport.Line(0.5, "5 of 10 primes  3.0 s  1.7/s", width));

    [Fact]
    public async Task A_package_is_newer_than_the_one_before()
    {
        Version first = await VersionAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.True(await VersionAsync() > first);

        static async Task<Version> VersionAsync() => Version.Parse(
            await ChildProcess.RunAsync("dotnet", ["msbuild", Repository.PathOf("PrimeSystem.Cli", "PrimeSystem.Cli.csproj"), "-getProperty:PackageVersion", "-nodeReuse:false"]));
    }

    [Fact]
    public async Task A_terminal_shows_a_bar_and_a_summary()
    {
        Outcome run = await PrimesProgram.ShellAsync($"script -qec '{PrimesProgram.Command} 100 --digits 200' /dev/null");

        Assert.Equal(0, run.Code);
        Assert.Matches(@"\r\[#*\.*\] \d+ %  \d+ of 100 primes", run.Output);
        Assert.Matches(@"100 primes of 200 digits in \d", run.Output);
        // Each prime is a line of its own, whatever was shown between them.
        Assert.Equal(100, run.Output.Replace("\r\n", "\n").Split('\n').Count(line => line.Length >= 200 && line[^200..].All(char.IsAsciiDigit)));
    }

    [Fact]
    public async Task Quiet_shows_nothing_on_a_terminal()
    {
        Outcome run = await PrimesProgram.ShellAsync($"script -qec '{PrimesProgram.Command} 100 --digits 200 --quiet' /dev/null");

        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("\e", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("primes", run.Output, StringComparison.Ordinal);
    }
}
