namespace PrimeSystem.Requests.Storage;

/// <summary>The database cannot be reached or is not ready. Retry later; nothing is lost.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
