namespace PrimeSystem.Requests.Queue;

/// <summary>The queue cannot be reached, or did not confirm, at the moment. Trying again later is right; the requests are in the database.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
