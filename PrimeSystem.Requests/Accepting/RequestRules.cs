using System.Globalization;
using Microsoft.Extensions.Options;
using PrimeSystem.Primes;

namespace PrimeSystem.Requests.Accepting;

/// <summary>
/// The limits of a request for primes, as rules in words and as the check of an order. A value of the wrong type and a value out of range are answered
/// with the same sentence.
/// </summary>
public sealed class RequestRules(IOptions<RequestLimits> options, IOptions<WorkBudget> budget)
{
    private readonly RequestLimits _limits = options.Value;

    // More than a full budget holds could never be accepted.
    private readonly TimeSpan _maxWork = budget.Value is { IsOn: true, Burst: var burst } && burst < options.Value.MaxWork ? burst : options.Value.MaxWork;

    /// <summary>What the quantity must be.</summary>
    public string Quantity => Inv($"quantity must be a whole number from 1 to {_limits.MaxQuantity}.");

    /// <summary>What the digits must be.</summary>
    public string Digits => Inv($"digits must be a whole number from {RequestLimits.MinDigits} to {_limits.MaxDigits}.");

    /// <summary>Checks a request for primes.</summary>
    /// <returns>The errors by field; empty when the request is within all limits.</returns>
    public Dictionary<string, string[]> Check(int? quantity, int? digits)
    {
        var errors = new Dictionary<string, string[]>();
        if (quantity is not { } q || q < 1 || q > _limits.MaxQuantity)
            errors["quantity"] = [Quantity];
        if (digits is not { } d || d < RequestLimits.MinDigits || d > _limits.MaxDigits)
            errors["digits"] = [Digits];
        if (errors.Count == 0)
        {
            double perPrime = PrimeCost.ReferenceSeconds(digits!.Value);
            if (quantity!.Value * perPrime > _maxWork.TotalSeconds)
            {
                long most = (long)(_maxWork.TotalSeconds / perPrime);
                errors["quantity"] =
                    [Inv($"quantity must be at most {most} at {digits} digits: a request is limited to {_maxWork.TotalHours:0.#} core-hours of work.")];
            }
        }
        return errors;
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
