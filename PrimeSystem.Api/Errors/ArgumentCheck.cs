using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace PrimeSystem.Api.Errors;

/// <summary>Checks the arguments of every endpoint of a group against the <see cref="FieldRules"/>, so that handlers only see valid ones.</summary>
internal static class ArgumentCheck
{
    public static RouteGroupBuilder CheckArguments(this RouteGroupBuilder group) => group.AddEndpointFilterFactory((endpoint, next) =>
    {
        FieldRules rules = endpoint.ApplicationServices.GetRequiredService<FieldRules>();
        string[] fields =
            [.. endpoint.MethodInfo.GetParameters().Select(parameter => parameter.GetCustomAttribute<FromHeaderAttribute>()?.Name ?? parameter.Name!)];
        return call =>
        {
            Dictionary<string, string[]> errors = rules.Check(fields.Zip(call.Arguments));
            return errors.Count > 0 ? new ValueTask<object?>(Problems.Invalid(errors)) : next(call);
        };
    });
}
