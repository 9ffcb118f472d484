namespace PrimeSystem.Requests.Queue;

/// <summary>The task to process one batch of a request, as it travels through the queue. Everything else is in the database.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Batch">The number of the batch, from 0.</param>
/// <param name="Lane">The lane in which the message travels.</param>
public sealed record BatchMessage(Guid RequestId, int Batch, Lane Lane)
{
    /// <summary>The trace of the request (W3C trace context); null unless it is recorded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether an earlier consumer may have stored the batch and not published the next one: the message was delivered before, or it was handed
    /// back in the middle of a commit.</summary>
    public bool MayHaveRun { get; init; }

    /// <summary>How often processing the batch failed unexpectedly.</summary>
    public int Faults { get; init; }

    /// <summary>Earlier deliveries that were never settled because their consumers died.</summary>
    public long LostDeliveries { get; init; }

    /// <summary>The message of a batch that was not tried before.</summary>
    public static BatchMessage For(PrimeRequest request, int batch) =>
        new(request.Id, batch, BatchPlan.IsExpress(request.Quantity, request.Digits) ? Lane.Express : Lane.Batches) { TraceParent = request.TraceParent };
}
