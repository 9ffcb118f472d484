using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Api.Streaming;

/// <summary>How requests are watched. Configuration section <c>Live</c>.</summary>
public sealed class LiveOptions
{
    public const string Section = "Live";

    /// <summary>How often watched requests are looked at without word of a change: word may be lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A watcher hears of its request at least this often, changed or not: so both ends know that the connection lives.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan KeepAliveEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A watcher that does not take an event within this time is dropped.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Watchers that one process has at a time; more are answered with 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchers { get; set; } = 10_000;
}
