using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes cancel ID</c>: calls a server's request off.</summary>
internal sealed class CancelCommand : Command
{
    private readonly Argument<Guid> _id = new("ID") { Description = "The id of the request", CustomParser = Parsing.Id };
    private readonly ServerOptions _servers = new();

    public CancelCommand(Screen screen, Interruption interruption)
        : base("cancel", "Call a server's request off; the primes it has can still be fetched")
    {
        Arguments.Add(_id);
        _servers.AddTo(this);
        SetAction(async (parsed, _) =>
        {
            using PrimeServer server = _servers.Connect(parsed, screen);
            RequestView status = await server.CancelAsync(parsed.GetValue(_id), interruption.Token);
            screen.Say($"Cancelled with {Words.PrimesOf(status.GeneratedCount, status.Quantity)}.");
            return ExitCode.Success;
        });
    }
}
