namespace PrimeSystem.Requests.Storage;

/// <summary>The name that a client gave an order, and what the order was.</summary>
/// <param name="Owner">Whose key it is: two owners may use the same. Empty where nobody signs in.</param>
/// <param name="Key">The name.</param>
/// <param name="BodyHash">SHA-256 of what was asked for, 32 bytes.</param>
public sealed record IdempotencyKey(string Owner, string Key, byte[] BodyHash)
{
    /// <summary>Longest key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Whether a text may be a key: 1 to 255 visible ASCII characters.</summary>
    public static bool IsValid(string text) => text.Length is >= 1 and <= MaxLength && text.All(c => c is >= '!' and <= '~');
}
