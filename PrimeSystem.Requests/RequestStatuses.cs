namespace PrimeSystem.Requests;

/// <summary>The names of <see cref="RequestStatus"/> as the contract and the database spell them.</summary>
public static class RequestStatuses
{
    private static readonly string[] NameOf = [.. Enum.GetNames<RequestStatus>().Select(name => name.ToLowerInvariant())];

    /// <summary>All names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Names => NameOf;

    /// <summary>The name in the contract, in lower case.</summary>
    public static string Name(this RequestStatus status) => NameOf[(int)status];

    /// <summary>Whether nothing more will happen to a request in this status.</summary>
    public static bool IsEnded(this RequestStatus status) => status >= RequestStatus.Completed;

    /// <summary>Reads a name of the contract; upper case is not accepted.</summary>
    public static bool TryParse(string? name, out RequestStatus status)
    {
        int index = Array.IndexOf(NameOf, name);
        status = (RequestStatus)Math.Max(index, 0);
        return index >= 0;
    }

    internal static RequestStatus Parse(string name) =>
        TryParse(name, out RequestStatus status) ? status : throw new InvalidDataException($"'{name}' is not the status of a request.");
}
