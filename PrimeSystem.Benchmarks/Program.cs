// The engine and the system, measured against peers.
Console.WriteLine("usage: PrimeSystem.Benchmarks engine");
