using System.Globalization;
using System.Net.Http.Json;

namespace PrimeSystem.AppHost.Commands;

/// <summary>The command that a person tries first on the dashboard: request primes and watch the workers find them.</summary>
internal static class RequestCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "request-primes";

    /// <summary>The argument that says how many primes.</summary>
    public const string Quantity = "quantity";

    /// <summary>The argument that says how many digits each has.</summary>
    public const string Digits = "digits";

    /// <summary>Adds a command that asks for a quantity and a number of digits, requests the primes from the api and shows its answer.</summary>
    public static IResourceBuilder<ProjectResource> WithRequestCommand(this IResourceBuilder<ProjectResource> api) =>
        api.WithHttpCommand("/api/new", "Request primes", endpointName: Services.Http, commandName: Name, commandOptions: new HttpCommandOptions
        {
            Description = "Requests random primes. The answer has the id of the request; the page of requests shows its progress.",
            IconName = "NumberSymbolSquare",
            IsHighlighted = true,
            Arguments = [Number(Quantity, "Quantity", "10", "How many primes."), Number(Digits, "Digits", "300", "Decimal digits of each prime, 12 or more.")],
            PrepareRequest = async context =>
            {
                context.Request.Content = JsonContent.Create(new Dictionary<string, decimal>
                {
                    [Quantity] = Read(context.Arguments, Quantity),
                    [Digits] = Read(context.Arguments, Digits),
                });
                await api.AuthorizeAsync(context.Request, context.HttpClient, context.CancellationToken);
            },
            GetCommandResult = async context =>
            {
                string body = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
                return context.Response.IsSuccessStatusCode
                    ? CommandResults.Success("The primes are requested.", body, CommandResultFormat.Json)
                    : CommandResults.Failure(ApiProblem.Describe(context.Response.StatusCode, body));
            },
        });

    private static InteractionInput Number(string name, string label, string value, string description) =>
        new() { Name = name, Label = label, Value = value, Description = description, InputType = InputType.Number, Required = true };

    // The api says what is wrong with a number; what is none counts as 0, which it refuses.
    private static decimal Read(InteractionInputCollection arguments, string name) =>
        decimal.TryParse(arguments[name].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) ? number : 0;
}
