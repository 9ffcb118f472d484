using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes list</c>: lists the requests on a server, one per line, the newest first.</summary>
internal sealed class ListCommand : Command
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 500;

    private readonly Option<RequestStatus?> _status = new("--status")
    {
        Description = "Only requests with this status",
        HelpName = "pending|processing|completed|failed|cancelled",
        CustomParser = result => Parsing.OneOf<RequestStatus>("--status")(result),
    };

    private readonly Option<long?> _limit = new("--limit")
    {
        Description = $"The number of requests; the default is {DefaultLimit}",
        HelpName = "N",
        CustomParser = Parsing.Whole("--limit", 1, MaxLimit),
    };

    private readonly ServerOptions _servers = new();

    public ListCommand(Screen screen, Interruption interruption)
        : base("list", "List the requests on a server, the newest first: id, status, primes found, digits and time of creation")
    {
        Options.Add(_status);
        Options.Add(_limit);
        _servers.AddTo(this);
        SetAction(async (parsed, _) =>
        {
            using PrimeServer server = _servers.Connect(parsed, screen);
            string? status = parsed.GetValue(_status)?.ToString().ToLowerInvariant();
            RequestPage page = await server.ListAsync(status, parsed.GetValue(_limit) ?? DefaultLimit, interruption.Token);
            using var output = new StreamWriter(StandardOutput.Open()) { NewLine = "\n" };
            foreach (RequestView request in page.Requests)
                output.WriteLine(RequestLine.Of(request));
            return ExitCode.Success;
        });
    }
}
