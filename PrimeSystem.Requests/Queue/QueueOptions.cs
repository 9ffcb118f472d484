using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Queue;

/// <summary>How patient a process is with its queue. Configuration section <c>Queue</c>.</summary>
public sealed class QueueOptions
{
    public const string Section = "Queue";

    /// <summary>How long a message may wait for the broker to confirm it, before it is taken for not published.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConfirmWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a worker holds on to a delivery while the broker takes no messages, such as the one that is due next. Then it lets go, and the sweeper
    /// publishes what is missing. A batch may have to wait for another's twice, and the broker's patience with a delivery is 30 minutes: after them it
    /// counts it as a failed one, and it counts to a limit.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:14:00")]
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromMinutes(10);
}
