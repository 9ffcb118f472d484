using Xunit.Sdk;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>The independent check, checked.</summary>
public sealed class OpenSslPrimesTests
{
    [Fact]
    public Task Primes_pass() => OpenSslPrimes.AssertAllPrimeAsync(["1000000007", "170141183460469231731687303715884105727"]);

    [Theory]
    [InlineData("1000000011")]
    [InlineData("1")]
    [InlineData("not a number")]
    public async Task Anything_else_among_them_does_not(string number)
    {
        Exception? failure = await Record.ExceptionAsync(() => OpenSslPrimes.AssertAllPrimeAsync(["1000000007", number, "1000000009"]));
        Assert.True(failure is IAssertionException or InvalidOperationException, $"{failure}");
    }
}
