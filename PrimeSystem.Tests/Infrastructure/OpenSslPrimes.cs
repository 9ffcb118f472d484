using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>An independent check: what <c>openssl prime</c> says.</summary>
internal static class OpenSslPrimes
{
    private const int ArgumentCharacters = 100_000;
    private const int Numbers = 2_000;

    /// <summary>Fails unless every number is prime.</summary>
    public static async Task AssertAllPrimeAsync(IReadOnlyList<string> numbers)
    {
        Assert.NotEmpty(numbers);
        foreach (string[] chunk in numbers.Chunk(Math.Clamp(ArgumentCharacters / (numbers[0].Length + 1), 1, Numbers)))
        {
            string[] lines = (await ChildProcess.RunAsync("openssl", ["prime", .. chunk])).Split('\n');
            Assert.Equal(chunk.Length, lines.Length);
            Assert.All(lines, line => Assert.EndsWith("is prime", line, StringComparison.Ordinal));
        }
    }
}
