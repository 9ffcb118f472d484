using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes cancel ID</c>: cancels a request on a server.</summary>
internal sealed class CancelCommand : Command
{
    private readonly Argument<Guid> _id = new("ID") { Description = "The id of the request", CustomParser = Parsing.Id };
    private readonly ServerOptions _servers = new();

    public CancelCommand(Screen screen, Interruption interruption)
        : base("cancel", "Cancel a request on a server. The primes found so far can still be fetched")
    {
        Arguments.Add(_id);
        _servers.AddTo(this);
        SetAction(async (parsed, _) =>
        {
            using PrimeServer server = _servers.Connect(parsed, screen);
            RequestView status = await server.CancelAsync(parsed.GetValue(_id), interruption.Token);
            screen.Say($"Cancelled after {Words.PrimesOf(status.GeneratedCount, status.Quantity)}.");
            return ExitCode.Success;
        });
    }
}
