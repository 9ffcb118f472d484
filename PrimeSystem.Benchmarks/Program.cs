using PrimeSystem.Benchmarks.EndToEnd;
using PrimeSystem.Benchmarks.Engine;
using PrimeSystem.Benchmarks.Load;

return args switch
{
    ["engine", .. var options] => EngineCommand.Run(options),
    ["load", .. var options] => await LoadCommand.RunAsync(options),
    ["kernels", .. var options] => KernelBenchmarks.Run(options),
    ["sieve", .. var options] => SieveCommand.Run(options),
    ["formatting"] => FormattingCommand.Run(),
    ["system", .. var options] => await SystemCommand.RunAsync(options),
    ["bare", .. var options] => await BareEndpoint.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: engine [--digits 12,38,…] [--seconds S] [--rounds N] [--kernel avx512|avx2|scalar] [--cores N] [--peers gmp,gmp+40,openssl,…] [--json]
               load [--url http://localhost:8000] [--clients N] [--requests N] [--token T]
               kernels [BenchmarkDotNet options]
               sieve [--digits 38,155,…]
               formatting
               system [--sections throughput,latency,…] [--quick] [--workers N] [--turns N] [--rows N] [--json]
        """);
    return 2;
}
