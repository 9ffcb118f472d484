using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests;

/// <summary>How requests flow. Configuration section <c>Flow</c>; all processes of a system share the same values.</summary>
public sealed class FlowOptions
{
    public const string Section = "Flow";

    /// <summary>Batches of one request that are in the queue at a time. In production twice the largest number of consumers.</summary>
    [Range(1, 100_000)]
    public int Window { get; set; } = 16;

    /// <summary>Batches that one process works on at a time; 0 means its cores plus one (one commits while the others compute).</summary>
    [Range(0, 1_024)]
    public int Consumers { get; set; }

    /// <summary>The consumers of ordinary batches that a process has; there is one more for the express lane.</summary>
    internal int BatchConsumers => Consumers > 0 ? Consumers : Environment.ProcessorCount + 1;

    /// <summary>How long a search for a single prime runs before it lets others have their turn.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:20:00")]
    public TimeSpan Slice { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Reference cost of a prime above which several searchers race for it.</summary>
    public TimeSpan RaceAbove { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a running search looks whether it is still wanted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a worker notes that it is at a request.</summary>
    public TimeSpan SeenEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the sweeper looks for what was lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A request that is not in the queue after this long is dispatched by the sweeper.</summary>
    public TimeSpan DispatchAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A request at which nobody was seen for this long is published again; the time doubles with each try.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the metrics' sampler asks the queue and the database.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>With more messages than this waiting, nothing new is dispatched: it waits in the database.</summary>
    [Range(1, 10_000_000)]
    public long MaxReady { get; set; } = 10_000;
}
