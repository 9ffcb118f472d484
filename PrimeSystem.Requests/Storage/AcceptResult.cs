namespace PrimeSystem.Requests.Storage;

/// <summary>The result of an order.</summary>
public abstract record AcceptResult
{
    private AcceptResult()
    {
    }

    /// <summary>The order is accepted, now or when it was first sent.</summary>
    /// <param name="RequestId">The request.</param>
    /// <param name="IsNew">Whether it was accepted now.</param>
    public sealed record Accepted(Guid RequestId, bool IsNew) : AcceptResult;

    /// <summary>Its key belongs to another order of the same owner.</summary>
    public sealed record KeyTaken : AcceptResult;

    /// <summary>The order exceeds the budget of its account.</summary>
    /// <param name="Left">The work that the budget has left.</param>
    /// <param name="RetryAfter">When the budget suffices, if nothing else is asked for.</param>
    public sealed record OverBudget(TimeSpan Left, TimeSpan RetryAfter) : AcceptResult;
}
