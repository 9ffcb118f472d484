using PrimeSystem.Benchmarks.EndToEnd;
using PrimeSystem.Benchmarks.Engine;

return args switch
{
    ["engine", .. var options] => EngineCommand.Run(options),
    ["kernels", .. var options] => KernelBenchmarks.Run(options),
    ["system", .. var options] => await SystemCommand.RunAsync(options),
    ["bare", .. var options] => await BareEndpoint.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: engine [--digits 12,38,…] [--seconds S] [--rounds N] [--kernel avx512|avx2|scalar] [--cores N] [--peers gmp,openssl,…] [--json]
               kernels [BenchmarkDotNet options]
               system [--sections throughput,latency,…] [--quick] [--workers N] [--turns N] [--rows N] [--json]
        """);
    return 2;
}
