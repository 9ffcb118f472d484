using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary>The options for a server.</summary>
internal sealed class ServerOptions
{
    private const string ServerVariable = "PRIMES_SERVER";
    private const string TokenVariable = "PRIMES_TOKEN";
    private const int DefaultPatience = 120;

    private readonly Option<Uri?> _server = new("--server", "-s")
    {
        Description = $"Use a PrimeSystem server; the default is {ServerVariable}",
        HelpName = "URL",
        CustomParser = Parsing.Address("--server"),
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The bearer token for the server. Prefer {TokenVariable}: other users can see arguments",
        HelpName = "TOKEN",
    };

    private readonly Option<long?> _patience = new("--patience")
    {
        Description = $"How long to retry when the server does not answer; the default is {DefaultPatience} s",
        HelpName = "SECONDS",
        CustomParser = Parsing.Whole("--patience", 0, 1_000_000),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_token);
        command.Options.Add(_patience);
    }

    /// <summary>The address of the server, from the option or the environment; null when neither is set.</summary>
    /// <exception cref="CommandFailure">The environment variable is not an address.</exception>
    public Uri? Address(ParseResult parsed)
    {
        if (parsed.GetValue(_server) is { } address)
            return address;
        return Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } text
            ? Parsing.AddressOf(text) ?? throw CommandFailure.Usage($"{ServerVariable} must be an address such as http://localhost:8000.")
            : null;
    }

    /// <summary>The option for this server, for a command line that the user can copy.</summary>
    public string Hint(ParseResult parsed) => parsed.GetValue(_server) is { } address ? $" --server {address.OriginalString}" : "";

    /// <summary>Creates a client of the server.</summary>
    /// <exception cref="CommandFailure">No server is set.</exception>
    public PrimeServer Connect(ParseResult parsed, Screen screen)
    {
        Uri address = Address(parsed) ?? throw CommandFailure.Usage($"The server is missing: --server URL or {ServerVariable}.");
        string? token = parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        if (token is { Length: > 0 } && token.Any(c => c is <= ' ' or > '~'))
            throw CommandFailure.Usage("--token must be visible ASCII characters without spaces.");
        var patience = TimeSpan.FromSeconds(parsed.GetValue(_patience) ?? DefaultPatience);
        return new PrimeServer(address, string.IsNullOrEmpty(token) ? null : token, patience, screen.Say);
    }
}
