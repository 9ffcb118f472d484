using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using PrimeSystem.Api.Requests;
using PrimeSystem.Api.Verification;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Documentation;

/// <summary>Describes the bodies of calls as they are validated: every field is required, within the limits of this service.</summary>
internal sealed class RequestSchema(IOptions<RequestLimits> limits) : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(NewRequest) && context.JsonPropertyInfo is null)
        {
            Describe(schema, "quantity", 1, limits.Value.MaxQuantity);
            Describe(schema, "digits", RequestLimits.MinDigits, limits.Value.MaxDigits);
        }
        if (context.JsonTypeInfo.Type == typeof(VerifyRequest) && context.JsonPropertyInfo is null && schema.Properties?["numbers"] is OpenApiSchema numbers)
        {
            (schema.Required ??= new HashSet<string>()).Add("numbers");
            numbers.Type = JsonSchemaType.Array;
            numbers.MinItems = 1;
            numbers.MaxItems = limits.Value.MaxVerifyNumbers;
            numbers.Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^(0|[1-9][0-9]*)$", MaxLength = limits.Value.MaxDigits };
        }
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiSchema schema, string field, int min, int max)
    {
        (schema.Required ??= new HashSet<string>()).Add(field);
        if (schema.Properties?[field] is OpenApiSchema property)
        {
            property.Type = JsonSchemaType.Integer;
            property.Minimum = min.ToString(CultureInfo.InvariantCulture);
            property.Maximum = max.ToString(CultureInfo.InvariantCulture);
        }
    }
}
