using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using PrimeSystem.Api.Requests;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Documentation;

/// <summary>Describes the body of a new request as it is validated: both fields are required, within the limits of this service.</summary>
internal sealed class RequestSchema(IOptions<RequestLimits> limits) : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(NewRequest) && context.JsonPropertyInfo is null)
        {
            Describe(schema, "quantity", 1, limits.Value.MaxQuantity);
            Describe(schema, "digits", RequestLimits.MinDigits, limits.Value.MaxDigits);
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
