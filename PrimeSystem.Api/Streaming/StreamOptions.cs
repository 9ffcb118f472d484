using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Api.Streaming;

/// <summary>Settings of streams. Configuration section <c>Live</c>.</summary>
internal sealed class StreamOptions
{
    public const string Section = "Live";

    /// <summary>How often watched requests are read even without a notification: a notification can be lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time between two events. Without a change the last state is repeated, so that both ends know that the connection is alive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan KeepAliveEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take to receive one event. After that it is disconnected.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most watchers that one process serves at a time. Further ones are answered with 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchers { get; set; } = 10_000;
}
