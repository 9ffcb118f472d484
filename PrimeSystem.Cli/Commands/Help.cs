using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PrimeSystem.Cli.Commands;

/// <summary>The help of the parser, and below it what no list of options teaches.</summary>
internal sealed class Help(HelpAction inner) : SynchronousCommandLineAction
{
    private const string Lessons = """
        Examples:
          primes 10 --digits 300                          ten primes of 300 digits, one a line
          primes --bits 2048                              one prime of 2048 bits
          primes 1000 -d 50 --format csv -o primes.csv    into a file
          primes 10 -d 300 --server http://localhost:8000    by a server, followed to the end
          primes 10 -d 9000 -s http://localhost:8000 --detach    only the id; later: primes get ID
          primes test 2305843009213693951                 is it prime?
          primes 5 -d 100 | primes test -                 numbers from the standard input

        Exit codes:
          0  all primes were delivered; all numbers are prime
          1  a number is composite; the request failed or was cancelled; the output could not be written
          2  something is malformed or out of limits
          3  the server does not answer, or refuses
          130, 143  interrupted (Ctrl-C, SIGTERM)     141  nobody reads the output any more

        Environment:
          PRIMES_SERVER   the server that is asked where --server is not given
          PRIMES_TOKEN    the bearer token for it

        Progress goes to the standard error: a bar on a terminal, a line every ten seconds elsewhere.
        """;

    /// <summary>Teaches with the help of the root command; its subcommands keep the parser's.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new Help((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
            parseResult.InvocationConfiguration.Output.WriteLine(Lessons);
        return code;
    }
}
