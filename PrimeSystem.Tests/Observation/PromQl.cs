using System.Text.RegularExpressions;

namespace PrimeSystem.Tests.Observation;

/// <summary>The part of Prometheus' query language that these tests need.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right"];

    /// <summary>The metrics in an expression: identifiers that are not a function, a keyword or a label.</summary>
    public static IReadOnlySet<string> MetricsOf(string expression)
    {
        string bare = Labels().Replace(Braces().Replace(Strings().Replace(expression, ""), ""), " ");
        return Identifiers().Matches(bare).Select(match => match.Value).Where(name => !Words.Contains(name)).ToHashSet();
    }

    [GeneratedRegex("""
        "[^"]*"
        """)]
    private static partial Regex Strings();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Identifiers();
}
