using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PrimeSystem.Tests.Api.Verification;

/// <summary>Testing numbers for primality.</summary>
public sealed class VerifyTests(StandaloneApi api) : IClassFixture<StandaloneApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", false, true, 0)]
    [InlineData("1", false, true, 0)]
    [InlineData("2", true, true, 0)]
    [InlineData("561", false, true, 0)] // Carmichael
    [InlineData("3215031751", false, true, 0)] // strong pseudoprime to bases 2, 3, 5, 7
    [InlineData("18446744073709551557", true, true, 0)] // the largest prime below 2^64
    [InlineData("18446744073709551629", true, true, 0)] // the smallest above
    [InlineData("318665857834031151167461", false, true, 0)] // passes the strong test to the first 12 primes
    [InlineData("999999999999999999999743", true, true, 0)] // of 24 digits, where primes are proven when they are made
    [InlineData("3317044064679887385961813", true, true, 0)] // the largest below the next
    [InlineData("3317044064679887385961981", false, true, 0)] // passes the strong test to the first 13 primes
    [InlineData("3317044064679887385962123", true, false, 40)]
    [InlineData("170141183460469231731687303715884105727", true, false, 40)] // 2^127 - 1
    [InlineData("170141183460469231731687303715884105729", false, true, 0)]
    public async Task A_verdict_says_whether_it_is_exact(string number, bool isPrime, bool exact, int rounds)
    {
        JsonElement verdict = (await VerifyAsync(number)).Single();

        Assert.Equal(number, verdict.GetProperty("number").GetString());
        Assert.Equal(isPrime, verdict.GetProperty("is_prime").GetBoolean());
        Assert.Equal(exact, verdict.GetProperty("exact").GetBoolean());
        Assert.Equal(rounds, verdict.GetProperty("rounds").GetInt32());
    }

    [Fact]
    public async Task Many_numbers_are_answered_in_their_order()
    {
        string[] numbers = [.. Enumerable.Range(0, 1_000).Select(n => $"{n}")];

        JsonElement[] verdicts = await VerifyAsync(numbers);

        Assert.Equal(numbers, verdicts.Select(verdict => verdict.GetProperty("number").GetString()));
        Assert.Equal(168, verdicts.Count(verdict => verdict.GetProperty("is_prime").GetBoolean()));
    }

    [Fact]
    public async Task A_composite_of_10000_digits_is_detected()
    {
        string number = new('3', 10_000);

        Assert.False((await VerifyAsync(number)).Single().GetProperty("is_prime").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-7")]
    [InlineData("+7")]
    [InlineData("07")]
    [InlineData("7 ")]
    [InlineData(" 7 ")]
    [InlineData("007")]
    [InlineData("0x7")]
    [InlineData("٧")] // a digit, but not a decimal one of ASCII
    [InlineData(null)]
    public async Task Anything_but_a_decimal_string_is_400_and_its_index_is_named(string? number)
    {
        using HttpResponseMessage response = await PostAsync("5", number);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement errors = (await StandaloneApi.JsonAsync(response)).GetProperty("errors");
        Assert.Equal(["numbers[1]"], errors.EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Too_many_numbers_or_digits_are_400()
    {
        foreach (string[] numbers in new string[][] { [], [.. Enumerable.Repeat("7", 1_001)], [.. Enumerable.Repeat(new string('7', 10_000), 3)], [new('7', 10_001)] })
        {
            using HttpResponseMessage response = await PostAsync(numbers);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(params string?[] numbers) =>
        await api.Client.PostAsJsonAsync("/api/verify", new { numbers }, Cancellation);

    private async Task<JsonElement[]> VerifyAsync(params string[] numbers)
    {
        using HttpResponseMessage response = await PostAsync(numbers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. (await StandaloneApi.JsonAsync(response)).GetProperty("results").EnumerateArray()];
    }
}
