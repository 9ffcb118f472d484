using System.CommandLine.Parsing;
using System.Globalization;

namespace PrimeSystem.Cli.Commands;

/// <summary>Parses the values of options and arguments. An error is one sentence that names the option and its limits.</summary>
internal static class Parsing
{
    /// <summary>A whole number within limits.</summary>
    public static Func<ArgumentResult, long?> Whole(string name, long min, long max, string hint = "") => result =>
    {
        string text = result.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max)
            return value;
        string limits = max == long.MaxValue ? $"{min} or more" : $"from {min} to {max}";
        result.AddError($"{name} must be a whole number, {limits}, not '{text}'.{hint}");
        return null;
    };

    /// <summary>A name of an enumeration's value, in lower case.</summary>
    public static Func<ArgumentResult, T> OneOf<T>(string name)
        where T : struct, Enum => result =>
    {
        string text = result.Tokens[0].Value;
        foreach (T value in Enum.GetValues<T>())
        {
            if (Name(value) == text)
                return value;
        }
        result.AddError($"{name} must be one of {string.Join(", ", Enum.GetValues<T>().Select(Name))}, not '{text}'.");
        return default;
    };

    /// <summary>The address of a server.</summary>
    public static Func<ArgumentResult, Uri?> Address(string name) => result =>
    {
        string text = result.Tokens[0].Value;
        if (AddressOf(text) is { } address)
            return address;
        result.AddError($"{name} must be an address such as http://localhost:8000, not '{text}'.");
        return null;
    };

    /// <summary>The HTTP address that a text contains; null when it is another text, or contains a user or a password.</summary>
    public static Uri? AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 ? address : null;

    /// <summary>The id of a request.</summary>
    public static Guid Id(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Guid.TryParse(text, out Guid id))
            return id;
        result.AddError($"ID must be a UUID, such as 0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f, not '{text}'.");
        return default;
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
