using System.ComponentModel.DataAnnotations;

namespace PrimeSystem.Requests;

/// <summary>The flow of requests through queue and workers. Configuration section <c>Flow</c>, the same in all processes of a system.</summary>
public sealed class FlowOptions
{
    public const string Section = "Flow";

    /// <summary>Batches of one request in the queue at a time. Set it to twice the largest number of consumers in production.</summary>
    [Range(1, 100_000)]
    public int Window { get; set; } = 16;

    /// <summary>Batches that a process works on at a time; 0 means its cores plus one, since one commits while the others compute.</summary>
    [Range(0, 1_024)]
    public int Consumers { get; set; }

    /// <summary>The consumers of ordinary batches. There is one more for the express lane.</summary>
    internal int BatchConsumers => Consumers > 0 ? Consumers : Environment.ProcessorCount + 1;

    /// <summary>How long a search for a single prime runs before other requests have their turn.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:20:00")]
    public TimeSpan Slice { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The reference cost of a prime above which several searchers race for it.</summary>
    public TimeSpan RaceAbove { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a worker checks whether its running searches are still needed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a worker records that it works on a request.</summary>
    public TimeSpan SeenEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the sweeper looks for lost requests; it looks for expired data twelve times less often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How old an undispatched request must be before the sweeper dispatches it.</summary>
    public TimeSpan DispatchAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long no worker must have worked on a request before its batches are published again. The time doubles with each attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the queue and the database are sampled for the metrics.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of waiting messages above which new requests stay in the database.</summary>
    [Range(1, 10_000_000)]
    public long MaxReady { get; set; } = 10_000;
}
