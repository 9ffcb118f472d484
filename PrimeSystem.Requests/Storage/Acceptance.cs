namespace PrimeSystem.Requests.Storage;

/// <summary>What became of an order.</summary>
public abstract record Acceptance
{
    private Acceptance()
    {
    }

    /// <summary>It is accepted: now, or when it came first.</summary>
    /// <param name="RequestId">The request.</param>
    /// <param name="IsNew">Whether it was accepted now.</param>
    public sealed record Accepted(Guid RequestId, bool IsNew) : Acceptance;

    /// <summary>Its key is that of another order of the same owner.</summary>
    public sealed record KeyTaken : Acceptance;

    /// <summary>The budget of its account does not reach.</summary>
    /// <param name="Left">Work that the budget has left.</param>
    /// <param name="RetryAfter">When it will reach, if nothing else is asked for.</param>
    public sealed record OverBudget(TimeSpan Left, TimeSpan RetryAfter) : Acceptance;
}
