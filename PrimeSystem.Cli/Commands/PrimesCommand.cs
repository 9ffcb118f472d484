using System.CommandLine;
using PrimeSystem.Cli.Local;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes QUANTITY --digits N</c>: random primes, computed here or by a server.</summary>
internal sealed class PrimesCommand : RootCommand
{
    private const string Cancelled = "cancelled";

    private readonly Argument<long?> _quantity = new("QUANTITY")
    {
        Description = "The number of distinct primes; the default is 1",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Parsing.Whole("QUANTITY", 1, long.MaxValue, hint: " The commands are test, get, list, status and cancel."),
    };

    private readonly Option<long?> _digits = new("--digits", "-d")
    {
        Description = "The number of decimal digits of each prime",
        HelpName = "N",
        CustomParser = Parsing.Whole("--digits", 1, PrimeSize.MaxDigits),
    };

    private readonly Option<long?> _bits = new("--bits", "-b")
    {
        Description = "The number of bits of each prime, instead of digits",
        HelpName = "N",
        CustomParser = Parsing.Whole("--bits", 2, PrimeSize.MaxBits),
    };

    private readonly Option<bool> _local = new("--local") { Description = "Compute on this machine, even if PRIMES_SERVER is set" };
    private readonly Option<bool> _detach = new("--detach") { Description = "Print only the id of the server's request; primes get ID fetches the primes" };
    private readonly SearchOptions _search = new();
    private readonly ServerOptions _servers = new();
    private readonly OutputOptions _outputs = new();
    private readonly Screen _screen;
    private readonly Interruption _interruption;
    private readonly Follower _follower;

    public PrimesCommand(Screen screen, Interruption interruption)
        : base("Large, distinct random primes, computed on all cores of this machine or by a PrimeSystem server.")
    {
        (_screen, _interruption) = (screen, interruption);
        _follower = new Follower(_servers, _outputs, screen, interruption);
        Arguments.Add(_quantity);
        Options.Add(_digits);
        Options.Add(_bits);
        _search.AddTo(this);
        _servers.AddTo(this);
        Options.Add(_local);
        Options.Add(_detach);
        _outputs.AddTo(this);
        Subcommands.Add(new TestCommand(screen, interruption));
        Subcommands.Add(new GetCommand(screen, interruption));
        Subcommands.Add(new ListCommand(screen, interruption));
        Subcommands.Add(new StatusCommand(screen, interruption));
        Subcommands.Add(new CancelCommand(screen, interruption));
        Help.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private Task<int> RunAsync(ParseResult parsed)
    {
        bool isLocal = parsed.GetValue(_local);
        long quantity = parsed.GetValue(_quantity) ?? 1;
        return !isLocal && _servers.Address(parsed) is not null ? RequestAsync(parsed, quantity) : ComputeAsync(parsed, quantity);
    }

    private async Task<int> ComputeAsync(ParseResult parsed, long quantity)
    {
        if (parsed.GetValue(_detach))
            throw CommandFailure.Usage("--detach needs a server: --server URL or PRIMES_SERVER.");
        PrimeSize size = Size(parsed);
        int cores = _search.Cores(parsed);
        var search = new LocalSearch(size, quantity, cores, _search.Rounds(parsed));
        using var writer = new PrimeWriter(_outputs.Open(parsed), _outputs.Format(parsed), quantity);
        bool isQuiet = _outputs.IsQuiet(parsed);
        using var progress = new ProgressReport(_screen, quantity, estimate: () => size.EstimateSeconds() / cores, isQuiet: isQuiet);
        var delivery = new Delivery(writer, progress, _outputs.Flush(parsed, _screen));
        try
        {
            await delivery.RunAsync(search.FindAsync(_interruption.Token), _interruption.Token);
        }
        catch (OperationCanceledException)
        {
            progress.Dispose();
            writer.End(Cancelled);
            _screen.Say($"Stopped: found {Words.PrimesOf(delivery.Count, quantity)}.");
            return _interruption.ExitCode;
        }
        progress.Dispose();
        writer.End(RequestView.Completed);
        if (_screen.IsTerminal && !isQuiet)
            _screen.Say($"{Words.Primes(quantity)} of {size} in {Words.Duration(progress.Elapsed)}");
        return ExitCode.Success;
    }

    private async Task<int> RequestAsync(ParseResult parsed, long quantity)
    {
        string[] given = [.. _search.Given(parsed), .. parsed.GetValue(_bits) is null ? Array.Empty<string>() : [_bits.Name]];
        if (given.Length > 0)
            throw CommandFailure.Usage($"{given[0]} only applies to computing on this machine, which --local selects. A server does not support it.");
        PrimeSize size = Size(parsed);
        using PrimeServer server = _servers.Connect(parsed, _screen);
        if (parsed.GetValue(_detach))
        {
            Console.WriteLine(await server.CreateAsync(new NewRequest(quantity, size.Length), _interruption.Token));
            return ExitCode.Success;
        }
        // Open the output first: nothing is requested that cannot be written.
        await using Stream stream = _outputs.Open(parsed);
        Guid id = await server.CreateAsync(new NewRequest(quantity, size.Length), _interruption.Token);
        if (!_outputs.IsQuiet(parsed))
            _screen.Say($"Request {id}");
        var search = new RemoteSearch(server, id, new RequestView(id, quantity, size.Length, 0, "pending"), first: 0);
        try
        {
            return await _follower.RunAsync(parsed, search, stream);
        }
        catch (IOException exception) when (StandardOutput.IsReaderGone(exception))
        {
            await TryCancelAsync(server, id);
            throw;
        }
    }

    /// <summary>Cancels a request whose primes nobody reads any more.</summary>
    private static async Task TryCancelAsync(PrimeServer server, Guid id)
    {
        try
        {
            await server.CancelAsync(id, CancellationToken.None);
        }
        catch (CommandFailure)
        {
            // It has already ended, or the server is unavailable.
        }
    }

    private PrimeSize Size(ParseResult parsed) => (parsed.GetValue(_digits), parsed.GetValue(_bits)) switch
    {
        (null, null) => throw CommandFailure.Usage("The size of the primes is missing: --digits N or --bits N."),
        ({ } digits, null) => new PrimeSize((int)digits, IsBits: false),
        (null, { } bits) => new PrimeSize((int)bits, IsBits: true),
        _ => throw CommandFailure.Usage("--digits and --bits exclude each other."),
    };
}
