namespace PrimeSystem.Requests.Storage;

/// <summary>Whose requests are meant: those of one owner, who may be nobody, or those of everybody.</summary>
public readonly record struct OwnerFilter
{
    private OwnerFilter(bool isEverybody, string? owner) => (IsEverybody, Owner) = (isEverybody, owner);

    /// <summary>Whoever the owner is.</summary>
    public static OwnerFilter Everybody { get; } = new(isEverybody: true, owner: null);

    public bool IsEverybody { get; }

    /// <summary>The one owner; null for requests that nobody owns.</summary>
    public string? Owner { get; }

    /// <summary>Requests of one owner, or of nobody when null.</summary>
    public static OwnerFilter Only(string? owner) => new(isEverybody: false, owner);

    /// <summary>Whether the requests of an owner are among them.</summary>
    public bool Includes(string? owner) => IsEverybody || string.Equals(owner, Owner, StringComparison.Ordinal);
}
