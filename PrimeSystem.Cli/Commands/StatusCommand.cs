using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes status ID</c>: shows the status of a request on a server.</summary>
internal sealed class StatusCommand : Command
{
    private readonly Argument<Guid> _id = new("ID") { Description = "The id of the request", CustomParser = Parsing.Id };
    private readonly ServerOptions _servers = new();

    public StatusCommand(Screen screen, Interruption interruption)
        : base("status", "Show the status of a request on a server")
    {
        Arguments.Add(_id);
        _servers.AddTo(this);
        SetAction(async (parsed, _) =>
        {
            using PrimeServer server = _servers.Connect(parsed, screen);
            RequestView status = await server.StatusAsync(parsed.GetValue(_id), interruption.Token);
            using var output = new StreamWriter(StandardOutput.Open()) { NewLine = "\n" };
            output.WriteLine(RequestLine.Of(status));
            return ExitCode.Success;
        });
    }
}
