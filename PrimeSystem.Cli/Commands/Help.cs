using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PrimeSystem.Cli.Commands;

/// <summary>Adds examples, exit codes and environment variables to the parser's help of the root command.</summary>
internal sealed class Help(HelpAction inner) : SynchronousCommandLineAction
{
    private const string Appendix = """
        Examples:
          primes 10 --digits 300                          ten primes of 300 digits, one per line
          primes --bits 2048                              one prime of 2048 bits
          primes 1000 -d 50 --format csv -o primes.csv    to a file
          primes 10 -d 300 --server http://localhost:8000    from a server
          primes 10 -d 9000 -s http://localhost:8000 --detach    print only the id; primes get ID fetches the primes
          primes list -s http://localhost:8000            the latest requests; primes status ID shows one
          primes test 2305843009213693951                 is it prime?
          primes 5 -d 100 | primes test -                 test the numbers from the standard input

        Exit codes:
          0  all primes were delivered; all numbers are prime
          1  a number is composite; the request failed or was cancelled; the output could not be written
          2  an argument is malformed or out of limits
          3  the server does not answer, or rejects the call
          130, 143  interrupted (Ctrl-C, SIGTERM)     141  the reader of the output has closed it

        Environment:
          PRIMES_SERVER   the server, unless --server is given
          PRIMES_TOKEN    the bearer token for the server

        Progress goes to the standard error: a bar on a terminal, a line every ten seconds elsewhere.
        """;

    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new Help((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        // The quantity belongs to the root command alone, but its commands would list it as theirs.
        if (parseResult.CommandResult.Command is not RootCommand)
        {
            foreach (Argument argument in parseResult.RootCommandResult.Command.Arguments)
                argument.Hidden = true;
        }
        int code = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
            parseResult.InvocationConfiguration.Output.WriteLine(Appendix);
        return code;
    }
}
