
namespace PrimeSystem.Tests.Cli;

public class TestCommandTests
{
    // The smallest prime of 10,000 digits.
    private static readonly string Huge = $"1{new string('0', 9_994)}33603";

    [Theory]
    [InlineData("97", 0, "97 is prime\n")]
    [InlineData("91", 1, "91 is composite\n")]
    [InlineData("97 91 2305843009213693951", 1, "97 is prime\n91 is composite\n2305843009213693951 is prime\n")]
    [InlineData("170141183460469231731687303715884105727", 0, "170141183460469231731687303715884105727 is prime (error below 4^-40)\n")]
    [InlineData("170141183460469231731687303715884105729 --rounds 5", 1, "170141183460469231731687303715884105729 is composite\n")]
    [InlineData("0 1", 1, "0 is composite\n1 is composite\n")]
    public async Task Numbers_are_answered_in_their_order(string arguments, int code, string output) =>
        Assert.Equal(new Outcome(code, output, ""), await PrimesProgram.RunAsync(["test", .. arguments.Split(' ')]));

    [Fact]
    public async Task Lines_of_the_standard_input_are_tested()
    {
        Outcome run = await PrimesProgram.ShellAsync("printf '97\\n\\n101\\r\\n7' | primes test -");

        Assert.Equal(new Outcome(0, "97 is prime\n101 is prime\n7 is prime\n", ""), run);
    }

    [Fact]
    public async Task Its_own_primes_are_confirmed()
    {
        Outcome run = await PrimesProgram.ShellAsync("primes 200 --digits 40 | primes test -");

        Assert.Equal((0, 200), (run.Code, run.Lines.Length));
    }

    [Fact]
    public async Task An_invalid_line_is_named_after_the_answers_before_it()
    {
        Outcome run = await PrimesProgram.ShellAsync("printf '97\\n-5\\n' | primes test -");

        Assert.Equal((2, "97 is prime\n"), (run.Code, run.Output));
        Assert.Contains("Line 2 must be a decimal number", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false | primes test -", "The standard input contains no number")]
    [InlineData("primes test 007", "NUMBER must be a decimal number without sign, leading zeros or blanks, not '007'")]
    [InlineData("primes test ' 7'", "NUMBER must be a decimal number without sign, leading zeros or blanks, not ' 7'")]
    [InlineData("echo ' 7' | primes test -", "Line 1 must be a decimal number without sign, leading zeros or blanks, not ' 7'")]
    public async Task What_is_no_number_is_an_error(string script, string expected)
    {
        Outcome run = await PrimesProgram.ShellAsync(script);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_does_not_wait_for_the_next_line()
    {
        // The second number is written only once the first is answered.
        Outcome run = await PrimesProgram.ShellAsync(
            "mkfifo numbers answers; primes test - < numbers > answers & exec 3> numbers 4< answers; "
            + "echo 97 >&3; read first <&4; echo 91 >&3; exec 3>&-; read second <&4; echo \"$first; $second\"; wait $!");

        Assert.Equal((1, "97 is prime; 91 is composite\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task A_test_of_ten_thousand_digits_is_interrupted_at_once()
    {
        await using PrimesProgram program = PrimesProgram.Start(["test", "7", Huge]);
        await Infrastructure.Eventually.TrueAsync(() => Task.FromResult(program.Lines.Length == 1), TimeSpan.FromMinutes(1), "the first is answered");
        Outcome run = await program.InterruptAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(new Outcome(130, "7 is prime\n", "Stopped after 1 number.\n"), run);
    }
}
