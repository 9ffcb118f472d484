using System.ComponentModel;

namespace PrimeSystem.Requests;

/// <summary>A request for <see cref="Quantity"/> distinct random primes of <see cref="Digits"/> decimal digits, as it is stored.</summary>
[ImmutableObject(true)]
public sealed record PrimeRequest
{
    /// <summary>A version 7 UUID: ids ascend in the order of creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who asked for it; null where nobody signs in.</summary>
    public string? Owner { get; init; }

    public required int Quantity { get; init; }

    public required int Digits { get; init; }

    public required RequestStatus Status { get; init; }

    /// <summary>Primes stored so far; never more than <see cref="Quantity"/>.</summary>
    public required int GeneratedCount { get; init; }

    /// <summary>How the work is split, decided once when the request was accepted.</summary>
    public required BatchPlan Plan { get; init; }

    /// <summary>When its first batches were published, if they were.</summary>
    public DateTimeOffset? DispatchedAt { get; init; }

    /// <summary>When a worker was last known to be at it.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Whether nobody was seen at it after a moment.</summary>
    internal bool IsUnseenSince(DateTimeOffset moment) => SeenAt is null || SeenAt <= moment;

    /// <summary>How often the sweeper has published its batches again since it last made progress.</summary>
    public int Sweeps { get; init; }

    /// <summary>Why it failed, in a sentence for its client.</summary>
    public string? Failure { get; init; }

    /// <summary>The trace it was accepted in (W3C trace context), where somebody records it.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>0 to 100 with two decimals, rounded down: 100 means all there.</summary>
    public double ProgressPercentage => GeneratedCount * 10_000L / Quantity / 100.0;
}
