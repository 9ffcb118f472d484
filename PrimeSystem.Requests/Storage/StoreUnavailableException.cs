namespace PrimeSystem.Requests.Storage;

/// <summary>The database cannot be reached, or is not ready, at the moment. Trying again later is right; nothing was lost.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
