using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using PrimeSystem.Api.Requests;
using PrimeSystem.Requests.Accepting;

namespace PrimeSystem.Api.Documentation;

/// <summary>Describes a request as the validator takes it: both fields required, within the limits of this service.</summary>
internal sealed class RequestSchema(IOptions<RequestLimits> limits) : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(NewRequest) && context.JsonPropertyInfo is null)
        {
            Bound(schema, "quantity", 1, limits.Value.MaxQuantity);
            Bound(schema, "digits", RequestLimits.MinDigits, limits.Value.MaxDigits);
        }
        return Task.CompletedTask;
    }

    private static void Bound(OpenApiSchema schema, string field, int least, int most)
    {
        (schema.Required ??= new HashSet<string>()).Add(field);
        if (schema.Properties?[field] is OpenApiSchema property)
        {
            property.Type = JsonSchemaType.Integer;
            property.Minimum = least.ToString(CultureInfo.InvariantCulture);
            property.Maximum = most.ToString(CultureInfo.InvariantCulture);
        }
    }
}
