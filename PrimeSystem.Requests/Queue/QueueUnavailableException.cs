namespace PrimeSystem.Requests.Queue;

/// <summary>The queue cannot be reached or did not confirm. Retry later; the requests are safe in the database.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
