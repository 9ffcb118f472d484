namespace PrimeSystem.TestServers.Load;

/// <summary>One request of the load: what was asked, the status of the answer, and how long it took to the last byte.</summary>
public sealed record LoadSample(string Name, int Status, TimeSpan Took);
