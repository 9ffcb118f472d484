using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary>Options that say which server is asked.</summary>
internal sealed class ServerOptions
{
    private const string ServerVariable = "PRIMES_SERVER";
    private const string TokenVariable = "PRIMES_TOKEN";
    private const int DefaultPatience = 120;

    private readonly Option<Uri?> _server = new("--server", "-s")
    {
        Description = $"Ask a PrimeSystem server; the default is {ServerVariable}",
        HelpName = "URL",
        CustomParser = Parsing.Address("--server"),
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The bearer token for the server; better in {TokenVariable}, where other users do not see it",
        HelpName = "TOKEN",
    };

    private readonly Option<long?> _patience = new("--patience")
    {
        Description = $"How long to wait for a server that does not answer: {DefaultPatience} s unless said otherwise",
        HelpName = "SECONDS",
        CustomParser = Parsing.Whole("--patience", 0, 1_000_000),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_token);
        command.Options.Add(_patience);
    }

    /// <summary>The address of the server, from the option or the environment; null where there is neither.</summary>
    /// <exception cref="CommandFailure">The environment's is no address.</exception>
    public Uri? Address(ParseResult parsed)
    {
        if (parsed.GetValue(_server) is { } address)
            return address;
        return Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } text
            ? Parsing.AddressOf(text) ?? throw CommandFailure.Usage($"{ServerVariable} must be an address such as http://localhost:8000.")
            : null;
    }

    /// <summary>The option that a user would give for this server, for a line to copy.</summary>
    public string Hint(ParseResult parsed) => parsed.GetValue(_server) is { } address ? $" --server {address.OriginalString}" : "";

    /// <summary>The server that is asked.</summary>
    /// <exception cref="CommandFailure">None is named.</exception>
    public PrimeServer Connect(ParseResult parsed, Screen screen)
    {
        Uri address = Address(parsed) ?? throw CommandFailure.Usage($"Say which server: --server URL or {ServerVariable}.");
        string? token = parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        if (token is { Length: > 0 } && token.Any(c => c is <= ' ' or > '~'))
            throw CommandFailure.Usage("--token: the token has characters that no token has.");
        var patience = TimeSpan.FromSeconds(parsed.GetValue(_patience) ?? DefaultPatience);
        return new PrimeServer(address, string.IsNullOrEmpty(token) ? null : token, patience, screen.Say);
    }
}
