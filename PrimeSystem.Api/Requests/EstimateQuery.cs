using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using PrimeSystem.Api.Errors;

namespace PrimeSystem.Api.Requests;

/// <summary>The query of an estimate. Both parameters are required.</summary>
internal sealed record EstimateQuery(
    [property: Description("The number of primes."), FromQuery(Name = "quantity")] int? Quantity,
    [property: Description("The number of decimal digits of each prime."), FromQuery(Name = "digits")] int? Digits) : ICheckedInput
{
    public Dictionary<string, string[]> Check(FieldRules rules) => rules.CheckRequest(Quantity, Digits);
}
