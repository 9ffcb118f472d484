using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace PrimeSystem.Api.Errors;

/// <summary>
/// Checks the arguments of every endpoint of a group against the <see cref="FieldRules"/>, and whole numbers against the range that their parameter states,
/// so that handlers only see valid ones.
/// </summary>
internal static class ArgumentCheck
{
    public static RouteGroupBuilder CheckArguments(this RouteGroupBuilder group) => group.AddEndpointFilterFactory((endpoint, next) =>
    {
        FieldRules rules = endpoint.ApplicationServices.GetRequiredService<FieldRules>();
        ParameterInfo[] parameters = endpoint.MethodInfo.GetParameters();
        string[] fields = [.. parameters.Select(parameter => parameter.GetCustomAttribute<FromHeaderAttribute>()?.Name ?? parameter.Name!)];
        RangeAttribute?[] ranges = [.. parameters.Select(parameter => parameter.GetCustomAttribute<RangeAttribute>())];
        return call =>
        {
            Dictionary<string, string[]> errors = rules.Check(fields.Zip(call.Arguments));
            for (int i = 0; i < fields.Length; i++)
            {
                if (ranges[i]?.IsValid(call.Arguments[i]) == false)
                    errors[fields[i]] = [FieldRules.RuleOf(fields[i], ranges[i]!)];
            }
            return errors.Count > 0 ? new ValueTask<object?>(Problems.Invalid(errors)) : next(call);
        };
    });
}
