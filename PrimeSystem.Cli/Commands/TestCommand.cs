using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Threading.Channels;
using PrimeSystem.Cli.Output;
using PrimeSystem.Primes;

namespace PrimeSystem.Cli.Commands;

/// <summary><c>primes test NUMBER…</c>: tests numbers for primality, several at a time, and answers in their order.</summary>
internal sealed class TestCommand : Command
{
    private const string StandardInput = "-";
    private const int LookAhead = 1_024;

    private readonly Argument<string[]> _numbers = new("NUMBER")
    {
        Description = "Decimal numbers of any length, without leading zeros; - reads them from the standard input, one per line",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly SearchOptions _search = new();
    private readonly Interruption _interruption;
    private readonly Screen _screen;

    public TestCommand(Screen screen, Interruption interruption)
        : base("test", "Test numbers for primality. The exit code is 0 when all are prime, 1 when one is composite")
    {
        (_screen, _interruption) = (screen, interruption);
        Arguments.Add(_numbers);
        _search.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        CancellationToken cancellationToken = _interruption.Token;
        var started = Channel.CreateBounded<Test>(LookAhead);
        // A thread of its own, since a read from a terminal blocks until the user has typed.
        _ = Task.Factory.StartNew(
            () => Start(parsed, started.Writer, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        long tested = 0;
        bool areAllPrime = true;
        using var output = new StreamWriter(StandardOutput.Open()) { NewLine = "\n" };
        try
        {
            while (true)
            {
                ValueTask<bool> next = started.Reader.WaitToReadAsync(cancellationToken);
                if (!next.IsCompleted)
                    output.Flush();
                if (!await next)
                    break;
                Test test = await started.Reader.ReadAsync(cancellationToken);
                if (!test.IsPrime.IsCompleted)
                    output.Flush();
                bool isPrime = await test.IsPrime;
                output.WriteLine($"{test.Number} is {(isPrime ? test.WhenPrime : "composite")}");
                areAllPrime &= isPrime;
                tested++;
            }
        }
        catch (OperationCanceledException)
        {
            output.Flush();
            _screen.Say($"Stopped after {tested} {(tested == 1 ? "number" : "numbers")}.");
            return _interruption.ExitCode;
        }
        return areAllPrime ? ExitCode.Success : ExitCode.Failure;
    }

    private void Start(ParseResult parsed, ChannelWriter<Test> started, CancellationToken cancellationToken)
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
                string whenPrime = Primality.IsExact(n) ? "prime" : $"prime (error below 4^-{rounds})";
                started.WriteAsync(new Test(number, whenPrime, isPrime), cancellationToken).AsTask().GetAwaiter().GetResult();
            }
            started.Complete();
        }
        catch (Exception exception)
        {
            started.Complete(exception);
        }
    }

    private static IEnumerable<string> Lines()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        long line = 0;
        bool isEmpty = true;
        while (Next(input) is { } text)
        {
            line++;
            if (text.Length == 0)
                continue;
            isEmpty = false;
            yield return Checked(text, $"Line {line}");
        }
        // When a program before the pipe fails, nothing was tested, and nothing is prime.
        if (isEmpty)
            throw CommandFailure.Usage("The standard input contains no number.");
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

    private static string Checked(string number, string place) => number.Length > 0 && number.All(char.IsAsciiDigit) && (number[0] != '0' || number.Length == 1)
        ? number
        : throw CommandFailure.Usage($"{place} must be a decimal number without sign, leading zeros or blanks, not '{(number.Length > 40 ? $"{number[..40]}…" : number)}'.");

    /// <summary>A running test.</summary>
    /// <param name="Number">The number as it was given.</param>
    /// <param name="WhenPrime">The verdict if the number is prime.</param>
    /// <param name="IsPrime">Whether the number is prime.</param>
    private sealed record Test(string Number, string WhenPrime, Task<bool> IsPrime);
}
