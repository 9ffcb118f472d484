namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>How soon the processes are healthy, and what memory they take: at rest, and at the peak of a little of everything.</summary>
internal static class ProcessSection
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(SystemOptions options, Servers servers)
    {
        List<double> apis = [], workers = [];
        // The first start of all has the schema to create.
        for (int turn = 0; turn < Math.Max(3, options.Turns); turn++)
        {
            await using Deployment starting = await Deployment.StartAsync(servers, workers: 1);
            apis.Add(starting.Api.HealthyAfter.TotalSeconds);
            workers.Add(starting.Workers[0].HealthyAfter.TotalSeconds);
        }

        await using Deployment system = await Deployment.StartAsync(servers, options.Workers);
        await Task.Delay(TimeSpan.FromSeconds(3));
        double apiAtRest = ProcessFigures.Memory(system.Api.Id).Now, workerAtRest = system.Workers.Max(worker => ProcessFigures.Memory(worker.Id).Now);
        (Guid id, _) = await system.Api.CompleteAsync(options.Scale(1_000_000, 4), 12);
        foreach ((int quantity, int digits) in new[] { (50_000, 38), (2_000, 155), (200, 309), (20, 617) })
            await system.Api.CompleteAsync(options.Scale(quantity, 4), digits);
        await ResultSection.FetchAsync(system.Api, id, "application/json");
        await LoadGenerator.PostAsync(system.Api, options.Quick ? 2 : 6);
        await LoadGenerator.StatusAsync(system.Api, id, options.Quick ? 2 : 6);
        return
        [
            new Figure("processes", "Api healthy after", apis.Median(), "s", Target: "≤ 2 s", Note: "on an empty database, schema included"),
            new Figure("processes", "Worker healthy after", workers.Median(), "s", Target: "≤ 2 s"),
            new Figure("processes", "Api at rest", apiAtRest, "MB"),
            new Figure("processes", "Api at the peak", ProcessFigures.Memory(system.Api.Id).Peak, "MB", Target: "≤ 150 MB"),
            new Figure("processes", "Worker at rest", workerAtRest, "MB"),
            new Figure("processes", "Worker at the peak", system.Workers.Max(worker => ProcessFigures.Memory(worker.Id).Peak), "MB", Target: "≤ 120 MB"),
        ];
    }
}
