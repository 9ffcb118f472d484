namespace PrimeSystem.Requests.Storage;

/// <summary>Selects requests by owner: those of one owner, those without an owner, or all.</summary>
public readonly record struct OwnerFilter
{
    private OwnerFilter(bool isEverybody, string? owner) => (IsEverybody, Owner) = (isEverybody, owner);

    /// <summary>All requests.</summary>
    public static OwnerFilter Everybody { get; } = new(isEverybody: true, owner: null);

    public bool IsEverybody { get; }

    /// <summary>The owner; null for requests without an owner.</summary>
    public string? Owner { get; }

    /// <summary>The requests of one owner, or those without an owner when null.</summary>
    public static OwnerFilter Only(string? owner) => new(isEverybody: false, owner);

    /// <summary>Whether the requests of an owner are selected.</summary>
    public bool Includes(string? owner) => IsEverybody || string.Equals(owner, Owner, StringComparison.Ordinal);
}
