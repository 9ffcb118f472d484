using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Accepting;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Errors;

/// <summary>
/// The rule of every field, header and parameter, as one sentence. It is the answer both to a value of the wrong type and to a value out of range.
/// </summary>
internal sealed class FieldRules(RequestRules requests, IOptions<RequestLimits> options)
{
    /// <summary>The header with a client's key for a new request.</summary>
    public const string IdempotencyHeader = "Idempotency-Key";

    /// <summary>The largest body of a call, in bytes.</summary>
    public const int MaxBodyBytes = 1 << 20;

    /// <summary>The check of a list of numbers stops after this many errors.</summary>
    private const int MaxErrors = 10;

    private readonly RequestLimits _limits = options.Value;

    /// <summary>The rule of a field; null for an unknown field.</summary>
    public string? RuleOf(string field) => field switch
    {
        "quantity" => requests.Quantity,
        "digits" => requests.Digits,
        "numbers" => $"numbers must be an array of 1 to {_limits.MaxVerifyNumbers} decimal strings, with at most {_limits.MaxVerifyDigits} digits together.",
        "id" => "id must be a UUID, such as 0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f.",
        "after" => "after must be a whole number from 0 to the quantity of the request.",
        "cursor" => "cursor must be the next_cursor of an earlier answer.",
        "status" => $"status must be one of {string.Join(", ", RequestStatuses.Names)}.",
        IdempotencyHeader => $"{IdempotencyHeader} must be 1 to {IdempotencyKey.MaxLength} visible ASCII characters.",
        "purge" => "purge must be true or false.",
        _ => null,
    };

    /// <summary>The rule of a parameter that is a whole number within a range.</summary>
    public static string RuleOf(string field, RangeAttribute range) =>
        string.Create(CultureInfo.InvariantCulture, $"{field} must be a whole number from {range.Minimum} to {range.Maximum}.");

    /// <summary>The error of a field that breaks its rule.</summary>
    public Dictionary<string, string[]> Broken(string field) => new() { [field] = [RuleOf(field)!] };

    /// <summary>Checks arguments.</summary>
    /// <returns>The errors by field; empty when there are none.</returns>
    public Dictionary<string, string[]> Check(IEnumerable<(string Field, object? Value)> arguments) => arguments
        .SelectMany(argument => argument.Value is ICheckedInput input ? input.Check(this) : IsAllowed(argument.Field, argument.Value) ? [] : Broken(argument.Field))
        .ToDictionary();

    /// <summary>Checks a request for primes.</summary>
    public Dictionary<string, string[]> CheckRequest(int? quantity, int? digits) => requests.Check(quantity, digits);

    /// <summary>A key without the quotes that it has as a string of a structured field (RFC 9651): <c>"abc"</c> and <c>abc</c> are the same key.</summary>
    public static string? Unquoted(string? key) => key is ['"', .. var text, '"'] ? text : key;

    /// <summary>Refuses the members of a body that the contract does not know.</summary>
    public static Dictionary<string, string[]> CheckUnknown(IEnumerable<string>? unknown, params string[] known) => (unknown ?? [])
        .Take(MaxErrors).ToDictionary(field => field, field => new[] { $"{field} is not a member of this call. It takes {string.Join(" and ", known)}." });

    /// <summary>Checks the numbers of a <c>verify</c> call: decimal strings without sign or leading zeros.</summary>
    public Dictionary<string, string[]> CheckNumbers(IReadOnlyList<string?>? numbers)
    {
        if (numbers is null || numbers.Count < 1 || numbers.Count > _limits.MaxVerifyNumbers)
            return Broken("numbers");
        var errors = new Dictionary<string, string[]>();
        long digits = 0;
        for (int i = 0; i < numbers.Count && errors.Count < MaxErrors; i++)
        {
            string number = numbers[i] ?? "";
            digits += number.Length;
            if (number.Length < 1 || number.Length > _limits.MaxDigits || !number.All(char.IsAsciiDigit) || (number[0] == '0' && number.Length > 1))
                errors[$"numbers[{i}]"] = [$"numbers[{i}] must be a string of 1 to {_limits.MaxDigits} decimal digits, without sign or leading zeros."];
        }
        return errors.Count == 0 && digits > _limits.MaxVerifyDigits ? Broken("numbers") : errors;
    }

    // An absent parameter has a default.
    private static bool IsAllowed(string field, object? value) => (field, value) switch
    {
        ("status", string status) => RequestStatuses.TryParse(status, out _),
        (IdempotencyHeader, string key) => IdempotencyKey.IsValid(Unquoted(key)!),
        _ => true,
    };
}
