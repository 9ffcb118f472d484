using System.Globalization;
using Microsoft.Extensions.Options;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Accepting;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Api.Errors;

/// <summary>
/// The rule of every field, header and query parameter in one sentence: the answer both to a value of the wrong type and to one out of range.
/// </summary>
internal sealed class FieldRules(RequestRules requests, IOptions<RequestLimits> options)
{
    /// <summary>The header that names an order.</summary>
    public const string IdempotencyHeader = "Idempotency-Key";

    /// <summary>Longest page of a listing.</summary>
    public const int MaxPage = 500;

    /// <summary>Wrong numbers after which the check of a list stops.</summary>
    private const int MaxErrors = 10;

    private readonly RequestLimits _limits = options.Value;

    /// <summary>What the field must be, naming its limit; null for a field this system does not know.</summary>
    public string? RuleOf(string field) => field switch
    {
        "quantity" => requests.Quantity,
        "digits" => requests.Digits,
        "numbers" => Inv($"numbers must be an array of 1 to {_limits.MaxVerifyNumbers} decimal strings, of {_limits.MaxVerifyDigits} digits together."),
        "id" => "id must be a UUID, such as 0192f0c1-7e5a-7cc3-9d5e-3a2b1c0d9e8f.",
        "offset" => "offset must be a whole number, 0 or more.",
        "after" => "after must be a whole number from 0 to the quantity of the request.",
        "limit" => "limit must be a whole number, 1 or more.",
        "cursor" => "cursor must be a next_cursor of an earlier answer.",
        "status" => $"status must be one of {string.Join(", ", RequestStatuses.Names)}.",
        IdempotencyHeader => Inv($"{IdempotencyHeader} must be 1 to {IdempotencyKey.MaxLength} visible ASCII characters."),
        "purge" => "purge must be true or false.",
        _ => null,
    };

    /// <summary>The error of one field, by its rule.</summary>
    public Dictionary<string, string[]> Broken(string field) => new() { [field] = [RuleOf(field)!] };

    /// <summary>Checks the numbers of a <c>verify</c> call: unsigned decimal strings without leading zeros.</summary>
    public Dictionary<string, string[]> CheckNumbers(IReadOnlyList<string?>? numbers)
    {
        var errors = new Dictionary<string, string[]>();
        if (numbers is null || numbers.Count < 1 || numbers.Count > _limits.MaxVerifyNumbers)
        {
            errors["numbers"] = [RuleOf("numbers")!];
            return errors;
        }
        long digits = 0;
        for (int i = 0; i < numbers.Count && errors.Count < MaxErrors; i++)
        {
            string number = numbers[i] ?? "";
            digits += number.Length;
            if (number.Length < 1 || number.Length > _limits.MaxDigits || !number.All(char.IsAsciiDigit) || (number[0] == '0' && number.Length > 1))
                errors[Inv($"numbers[{i}]")] =
                    [Inv($"numbers[{i}] must be a string of 1 to {_limits.MaxDigits} decimal digits, without sign or leading zeros.")];
        }
        if (errors.Count == 0 && digits > _limits.MaxVerifyDigits)
            errors["numbers"] = [RuleOf("numbers")!];
        return errors;
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
