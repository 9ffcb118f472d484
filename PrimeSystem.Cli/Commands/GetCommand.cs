using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes get ID</c>: fetches the primes of a request, and follows it until it ends.</summary>
internal sealed class GetCommand : Command
{
    private readonly Argument<Guid> _id = new("ID") { Description = "The id of the request", CustomParser = Parsing.Id };

    private readonly Option<long?> _offset = new("--offset")
    {
        Description = "Start at this position: the number of primes already received",
        HelpName = "N",
        CustomParser = Parsing.Whole("--offset", 0, int.MaxValue),
    };

    private readonly ServerOptions _servers = new();
    private readonly OutputOptions _outputs = new();

    public GetCommand(Screen screen, Interruption interruption)
        : base("get", "Fetch the primes of a request on a server, and follow it until it ends")
    {
        Arguments.Add(_id);
        Options.Add(_offset);
        _servers.AddTo(this);
        _outputs.AddTo(this);
        var follower = new Follower(_servers, _outputs, screen, interruption);
        SetAction(async (parsed, _) =>
        {
            Guid id = parsed.GetValue(_id);
            using PrimeServer server = _servers.Connect(parsed, screen);
            RequestView status = await server.StatusAsync(id, interruption.Token);
            long offset = parsed.GetValue(_offset) ?? 0;
            long end = status.HasEnded ? status.GeneratedCount : status.Quantity;
            if (offset > end)
                throw CommandFailure.Usage($"--offset must be at most {end}: the request is {status.Status} with {Words.PrimesOf(status.GeneratedCount, status.Quantity)}.");
            await using Stream stream = _outputs.Open(parsed);
            return await follower.RunAsync(parsed, new RemoteSearch(server, id, status, offset), stream);
        });
    }
}
