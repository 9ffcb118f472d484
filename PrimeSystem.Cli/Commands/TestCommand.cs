using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Threading.Channels;
using PrimeSystem.Cli.Output;
using PrimeSystem.Primes;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes test NUMBER…</c>: is it prime? Several numbers are tested at a time, and answered in their order.</summary>
internal sealed class TestCommand : Command
{
    private const string StandardInput = "-";
    private const int LookAhead = 1_024;

    private readonly Argument<string[]> _numbers = new("NUMBER")
    {
        Description = "Decimal numbers of any length; - reads them from the standard input, one a line",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly SearchOptions _search = new();
    private readonly Interruption _interruption;
    private readonly Screen _screen;

    public TestCommand(Screen screen, Interruption interruption)
        : base("test", "Test numbers for primality: exit code 0 when all are prime, 1 when one is composite")
    {
        (_screen, _interruption) = (screen, interruption);
        Arguments.Add(_numbers);
        _search.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        CancellationToken cancellationToken = _interruption.Token;
        var begun = Channel.CreateBounded<Test>(LookAhead);
        // A thread of its own, since a read from a terminal does not end before the user has typed.
        _ = Task.Factory.StartNew(
            () => Begin(parsed, begun.Writer, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        long tested = 0;
        bool areAllPrime = true;
        using var output = new StreamWriter(StandardOutput.Open()) { NewLine = "\n" };
        try
        {
            while (true)
            {
                ValueTask<bool> next = begun.Reader.WaitToReadAsync(cancellationToken);
                if (!next.IsCompleted)
                    output.Flush();
                if (!await next)
                    break;
                Test test = await begun.Reader.ReadAsync(cancellationToken);
                if (!test.IsPrime.IsCompleted)
                    output.Flush();
                bool isPrime = await test.IsPrime;
                output.WriteLine($"{test.Number} is {(isPrime ? test.Praise : "composite")}");
                areAllPrime &= isPrime;
                tested++;
            }
        }
        catch (OperationCanceledException)
        {
            output.Flush();
            _screen.Say(Words.Inv($"Stopped: {tested} {(tested == 1 ? "number was" : "numbers were")} tested."));
            return _interruption.ExitCode;
        }
        return areAllPrime ? ExitCode.Success : ExitCode.Failure;
    }

    private void Begin(ParseResult parsed, ChannelWriter<Test> begun, CancellationToken cancellationToken)
    {
        int rounds = _search.Rounds(parsed);
        var cores = new SemaphoreSlim(_search.Cores(parsed));
        try
        {
            foreach (string number in parsed.GetRequiredValue(_numbers).SelectMany(number => number == StandardInput ? Lines() : [Checked(number, "NUMBER")]))
            {
                BigInteger n = BigInteger.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
                cores.Wait(cancellationToken);
                Task<bool> isPrime = Task.Factory.StartNew(
                    () =>
                    {
                        try
                        {
                            return Primality.IsProbablePrime(n, rounds, cancellationToken);
                        }
                        finally
                        {
                            cores.Release();
                        }
                    },
                    CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                string praise = Primality.IsExact(n) ? "prime" : Words.Inv($"prime (error below 4^-{rounds})");
                begun.WriteAsync(new Test(number, praise, isPrime), cancellationToken).AsTask().GetAwaiter().GetResult();
            }
            begun.Complete();
        }
        catch (Exception exception)
        {
            begun.Complete(exception);
        }
    }

    private static IEnumerable<string> Lines()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        long line = 0;
        while (Next(input) is { } text)
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
                yield return Checked(text.Trim(), Words.Inv($"Line {line}"));
        }
    }

    private static string? Next(StreamReader input)
    {
        try
        {
            return input.ReadLine();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The standard input cannot be read: {exception.Message}", ExitCode.Failure);
        }
    }

    private static string Checked(string number, string place) => number.Length > 0 && number.All(char.IsAsciiDigit)
        ? number
        : throw CommandFailure.Usage($"{place} must be a decimal number without sign, not '{(number.Length > 40 ? $"{number[..40]}…" : number)}'.");

    /// <summary>A test that was begun.</summary>
    /// <param name="Number">The number as it was given.</param>
    /// <param name="Praise">What it is if it is prime.</param>
    /// <param name="IsPrime">Whether it is.</param>
    private sealed record Test(string Number, string Praise, Task<bool> IsPrime);
}
