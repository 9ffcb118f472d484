namespace PrimeSystem.Requests.Storage;

/// <summary>The name that a client gave to an order, and a hash of the order.</summary>
/// <param name="Owner">The owner of the key: two owners may use the same name. Empty where authentication is off.</param>
/// <param name="Key">The name.</param>
/// <param name="BodyHash">The SHA-256 of the order, 32 bytes.</param>
public sealed record IdempotencyKey(string Owner, string Key, byte[] BodyHash)
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Whether a text may be a key: 1 to 255 visible ASCII characters.</summary>
    public static bool IsValid(string text) => text.Length is >= 1 and <= MaxLength && text.All(c => c is >= '!' and <= '~');
}
