namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>One line of the table.</summary>
/// <param name="Section">The section that measured it.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Limit">What bounds it, measured in the same run, in the same unit.</param>
/// <param name="LimitName">What the limit is.</param>
/// <param name="Ratio">Figure to limit, the median over the turns; where low is good, limit to figure.</param>
/// <param name="Target">What it is to reach.</param>
/// <param name="Note">What else is to be known.</param>
internal sealed record Figure(
    string Section, string Name, double Value, string Unit, double? Limit = null, string? LimitName = null, double? Ratio = null, string? Target = null,
    string? Note = null);
