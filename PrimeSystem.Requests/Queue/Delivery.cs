namespace PrimeSystem.Requests.Queue;

/// <summary>A message as it was handed to a consumer.</summary>
/// <param name="Message">The message.</param>
/// <param name="MayHaveRun">An earlier consumer may have stored the batch and not come to publish the next: the queue delivered it before, or it was
/// handed back in the middle of a commit.</param>
/// <param name="Faults">How often it was handed back because its handler failed unexpectedly.</param>
/// <param name="Deliveries">How often it was delivered before without an answer: its consumers died.</param>
public sealed record Delivery(BatchMessage Message, bool MayHaveRun = false, int Faults = 0, long Deliveries = 0);
