namespace PrimeSystem.Requests.Storage;

/// <summary>Whether the database has the schema that this release needs. Until it has, the stores refuse to work.</summary>
internal sealed class SchemaState
{
    private volatile bool _isReady;

    public bool IsReady => _isReady;

    public void SetReady() => _isReady = true;

    public void ThrowIfNotReady()
    {
        if (!_isReady)
            throw new StoreUnavailableException("The database is not ready: its schema is missing or older than this release.");
    }
}
