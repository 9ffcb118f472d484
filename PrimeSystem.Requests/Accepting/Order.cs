using System.Security.Cryptography;
using System.Text;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Accepting;

/// <summary>An order of a client, within the limits (<see cref="RequestRules"/>).</summary>
/// <param name="Owner">The owner of the request; null where authentication is off.</param>
/// <param name="Account">The account whose budget pays for the work.</param>
/// <param name="Quantity">How many primes.</param>
/// <param name="Digits">Decimal digits of each.</param>
/// <param name="Key">The client's name for this order, if any: however often it is sent, there is one request.</param>
public sealed record Order(string? Owner, string Account, int Quantity, int Digits, string? Key = null)
{
    /// <summary>The key as it is stored; null where there is none.</summary>
    internal IdempotencyKey? StoredKey => Key is null
        ? null
        : new IdempotencyKey(Owner ?? "", Key, SHA256.HashData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Quantity} {Digits}"))));
}
