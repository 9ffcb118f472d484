using PrimeSystem.Cli;
using PrimeSystem.Cli.Commands;
using PrimeSystem.Cli.Output;

using var interruption = new Interruption();
return await CommandRun.RunAsync(args, new Screen(), interruption);
