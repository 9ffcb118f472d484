using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using PrimeSystem.Api.Requests;
using PrimeSystem.Api.SystemStatus;
using PrimeSystem.Api.Verification;
using PrimeSystem.Api.WebPage;

namespace PrimeSystem.Api;

/// <summary>The types that the Api reads and writes as JSON, serialised by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NewRequest))]
[JsonSerializable(typeof(AcceptedRequest))]
[JsonSerializable(typeof(RequestView))]
[JsonSerializable(typeof(RequestPage))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(VerifyAnswer))]
[JsonSerializable(typeof(SystemView))]
[JsonSerializable(typeof(Estimate))]
[JsonSerializable(typeof(LimitsView))]
[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
