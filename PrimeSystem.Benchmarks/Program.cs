using PrimeSystem.Benchmarks.Engine;

return args switch
{
    ["engine", .. var options] => EngineCommand.Run(options),
    ["kernels", .. var options] => KernelBenchmarks.Run(options),
    ["sieve", .. var options] => SieveCommand.Run(options),
    ["formatting"] => FormattingCommand.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: engine [--digits 12,38,…] [--seconds S] [--rounds N] [--kernel avx512|avx2|scalar] [--cores N] [--peers gmp,openssl,…] [--json]
               kernels [BenchmarkDotNet options]
               sieve [--digits 38,155,…]
               formatting
        """);
    return 2;
}
