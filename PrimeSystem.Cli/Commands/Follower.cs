using System.CommandLine;
using PrimeSystem.Cli.Output;
using PrimeSystem.Cli.Remote;

namespace PrimeSystem.Cli.Commands;

/// <summary>Follows a request on a server to its end and writes its primes.</summary>
internal sealed class Follower(ServerOptions servers, OutputOptions outputs, Screen screen, Interruption interruption)
{
    /// <summary>Follows the request.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ParseResult parsed, RemoteSearch search, Stream stream)
    {
        RequestView status = search.Status;
        using var writer = new PrimeWriter(stream, outputs.Format(parsed), status.Quantity, search.Id, search.First);
        using var progress = new ProgressReport(screen, status.Quantity, search.First, isQuiet: outputs.IsQuiet(parsed));
        var delivery = new Delivery(writer, progress, outputs.Flush(parsed, screen));
        try
        {
            await delivery.RunAsync(search.FollowAsync(interruption.Token), interruption.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or CommandFailure)
        {
            progress.Dispose();
            writer.End(search.Status.Status);
            screen.Say($"Stopped: received {Words.PrimesOf(search.First + delivery.Count, status.Quantity)}.");
            screen.Say(Resume(parsed, search.Id));
            if (exception is CommandFailure)
                throw;
            return interruption.ExitCode;
        }

        progress.Dispose();
        writer.End(search.Status.Status);
        if (search.Status.Status == RequestView.Completed)
        {
            if (screen.IsTerminal && !outputs.IsQuiet(parsed))
                screen.Say($"{Words.Primes(delivery.Count)} in {Words.Duration(progress.Elapsed)}");
            return ExitCode.Success;
        }
        string reason = search.Status.Failure is { } failure ? $": {failure}" : ".";
        screen.Say($"The request is {search.Status.Status} after {Words.PrimesOf(search.First + delivery.Count, status.Quantity)}{reason}");
        return ExitCode.Failure;
    }

    /// <summary>The commands with which a user returns to a request.</summary>
    private string Resume(ParseResult parsed, Guid id)
    {
        string server = servers.Hint(parsed);
        return $"The request continues on the server. To fetch its primes: primes get {id}{server}   To cancel it: primes cancel {id}{server}";
    }
}
