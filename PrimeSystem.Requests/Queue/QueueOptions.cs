using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests.Queue;

/// <summary>How long a process waits for its queue. Configuration section <c>Queue</c>.</summary>
public sealed class QueueOptions
{
    public const string Section = "Queue";

    /// <summary>How long the broker may take to confirm a message before publishing it counts as failed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConfirmWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a worker tries to publish a message while the broker takes none. Then it leaves the message to the rescuer. A consumer may have to wait
    /// twice for one delivery, and the broker counts a delivery that is held for 30 minutes as a failed one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:14:00")]
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromMinutes(10);
}
