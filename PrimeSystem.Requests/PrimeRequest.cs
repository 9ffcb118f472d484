using System.ComponentModel;

namespace PrimeSystem.Requests;

/// <summary>A request for <see cref="Quantity"/> distinct random primes of <see cref="Digits"/> decimal digits, as it is stored.</summary>
[ImmutableObject(true)]
public sealed record PrimeRequest
{
    /// <summary>A version 7 UUID: ids ascend in the order of creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who asked for it; null where authentication is off.</summary>
    public string? Owner { get; init; }

    public required int Quantity { get; init; }

    public required int Digits { get; init; }

    public required RequestStatus Status { get; init; }

    /// <summary>Primes stored so far; never more than <see cref="Quantity"/>.</summary>
    public required int GeneratedCount { get; init; }

    /// <summary>How the work is split, decided once when the request was accepted.</summary>
    public required BatchPlan Plan { get; init; }

    /// <summary>When its first batches were published; null if they were not.</summary>
    public DateTimeOffset? DispatchedAt { get; init; }

    /// <summary>When a worker last worked on it.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Whether no worker has worked on it since a moment.</summary>
    internal bool IsUnseenSince(DateTimeOffset moment) => SeenAt is null || SeenAt <= moment;

    /// <summary>How often its batches were published again since it last made progress.</summary>
    public int Sweeps { get; init; }

    /// <summary>Why it failed, in a sentence for its client.</summary>
    public string? Failure { get; init; }

    /// <summary>The trace in which it was accepted (W3C trace context); null unless it is recorded.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>0 to 100 with two decimals, rounded down, so that 100 means complete.</summary>
    public double ProgressPercentage => GeneratedCount * 10_000L / Quantity / 100.0;
}
