using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PrimeSystem.Primes;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Notifications;
using PrimeSystem.Requests.Processing;
using PrimeSystem.Requests.Queue;
using PrimeSystem.Requests.Queue.InMemory;
using PrimeSystem.Requests.Storage;
using PrimeSystem.Requests.Telemetry;

namespace PrimeSystem.Tests.Requests;

/// <summary>How a worker handles a delivery, in every state of its batch and its request.</summary>
public sealed class BatchHandlerTests : IAsyncLifetime
{
    private const int Window = 2;

    private readonly InMemoryQueue _queue = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private StoreUnderTest _under = null!;
    private SearchWatch _watch = null!;
    private BatchProcessor _processor = null!;
    private BatchHandler _handler = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _under = await SqliteStoreTests.OpenStoreAsync();
        IOptions<FlowOptions> options = Options.Create(new FlowOptions { Slice = TimeSpan.FromMilliseconds(100), LookEvery = TimeSpan.FromMilliseconds(50) });
        _watch = new SearchWatch(_under.Store, options, TimeProvider.System, NullLogger<SearchWatch>.Instance);
        await _watch.StartAsync(Cancellation);
        var metrics = new FlowMetrics(_services.GetRequiredService<IMeterFactory>());
        var publisher = new BatchPublisher(
            _queue, _under.Store, Options.Create(new QueueOptions()), TimeProvider.System, NullLogger<BatchPublisher>.Instance);
        var quarantine = new Quarantine();
        _processor = new BatchProcessor(
            _under.Store, publisher, new ChangeHub(), _watch, new BatchSearch(new PrimeGenerator()), quarantine, metrics, options, TimeProvider.System,
            NullLogger<BatchProcessor>.Instance);
        _handler = new BatchHandler(_processor, publisher, quarantine, _under.Store, metrics, TimeProvider.System, NullLogger<BatchHandler>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        await _under.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_processed_and_the_one_that_is_due_next_is_published()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);

        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 1));

        Assert.Equal([1 + Window], await PublishedAsync());
        IReadOnlyList<string> primes = await _under.Store.ReadPrimesAsync(request, 0, 10, Cancellation);
        Assert.Equal(2, primes.Count);
        Assert.All(primes, prime => Assert.Equal(30, prime.Length));
    }

    [Fact]
    public async Task The_last_batches_publish_nothing()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);

        await ProcessAsync(request, 3);
        await ProcessAsync(request, 4);

        Assert.Empty(await PublishedAsync());
    }

    [Fact]
    public async Task A_batch_that_is_stored_already_is_acknowledged_and_publishes_nothing()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);
        await ProcessAsync(request, 0);
        await PublishedAsync();

        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 0));

        Assert.Empty(await PublishedAsync());
        Assert.Equal(2, (await FindAsync(request)).GeneratedCount);
    }

    [Fact]
    public async Task A_redelivered_batch_that_is_stored_already_publishes_the_next_one()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);
        await ProcessAsync(request, 0);
        await PublishedAsync();

        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 0, mayHaveRun: true));

        Assert.Equal([Window], await PublishedAsync());
    }

    [Fact]
    public async Task Batches_of_ended_unknown_or_impossible_requests_are_acknowledged()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);
        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 5));
        await _under.Store.CancelAsync(request.Id, Cancellation);

        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 0));
        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request with { Id = Guid.NewGuid() }, 0));

        Assert.Empty(await PublishedAsync());
        Assert.Equal(0, (await FindAsync(request)).GeneratedCount);
    }

    [Fact]
    public async Task A_search_that_outlasts_its_slice_is_handed_back()
    {
        // One in fifty finds its prime within the first group of candidates; not five in a row.
        BatchOutcome outcome = new BatchOutcome.Acknowledge();
        for (int attempt = 0; attempt < 5 && outcome is BatchOutcome.Acknowledge; attempt++)
        {
            PrimeRequest request = await CreateAsync(quantity: 1, digits: 3_000, batchSize: 1);
            outcome = await ProcessAsync(request, 0);
            if (outcome is BatchOutcome.HandBack)
                Assert.Equal(RequestStatus.Processing, (await FindAsync(request)).Status);
        }

        var handBack = Assert.IsType<BatchOutcome.HandBack>(outcome);
        Assert.False(handBack.Pause);
        Assert.Equal(0, handBack.Again.Faults);
    }

    [Fact]
    public async Task A_search_ends_when_another_searcher_has_stored_the_batch()
    {
        (PrimeRequest request, Task<BatchOutcome> searching) = await StartSearchAsync(quantity: 2);
        Assert.False(searching.IsCompleted);

        await _under.Store.CommitBatchAsync(request, 0, [FoundPrime.From(2), FoundPrime.From(3)], Cancellation);

        Assert.IsType<BatchOutcome.Acknowledge>(await searching.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(["2", "3"], await _under.Store.ReadPrimesAsync(request, 0, 10, Cancellation));
    }

    [Fact]
    public async Task A_redelivered_search_that_another_searcher_ended_publishes_the_next_batch()
    {
        (PrimeRequest request, Task<BatchOutcome> searching) = await StartSearchAsync(quantity: 8, mayHaveRun: true);

        await _under.Store.CommitBatchAsync(request, 0, [FoundPrime.From(2), FoundPrime.From(3)], Cancellation);

        Assert.IsType<BatchOutcome.Acknowledge>(await searching.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal([Window], await PublishedAsync());
    }

    [Fact]
    public async Task A_process_that_stops_hands_back_without_starting()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);

        BatchOutcome outcome = await _processor.ProcessAsync(
            new BatchMessage(request.Id, 0, Lane.Batches), new CancellationToken(canceled: true), CancellationToken.None);

        Assert.IsType<BatchOutcome.HandBack>(outcome);
        Assert.Equal(0, (await FindAsync(request)).GeneratedCount);
    }

    [Fact]
    public async Task A_batch_whose_worker_died_three_times_is_processed_alone_and_the_others_wait()
    {
        (PrimeRequest expensive, Task<BatchOutcome> searching) = await StartSearchAsync(quantity: 2);
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);
        Task<BatchOutcome> suspect = ProcessAsync(request, 0, lostDeliveries: BatchProcessor.SuspectLostDeliveries);

        Assert.True(Assert.IsType<BatchOutcome.HandBack>(await ProcessAsync(request, 1)).Pause);
        Assert.True(Assert.IsType<BatchOutcome.HandBack>(await ProcessAsync(request, 2, lostDeliveries: BatchProcessor.SuspectLostDeliveries)).Pause);
        Task ready = _handler.WaitUntilReadyAsync(Cancellation);
        await Task.Delay(200, Cancellation);
        Assert.False(searching.IsCompleted || suspect.IsCompleted || ready.IsCompleted);

        await _under.Store.CommitBatchAsync(expensive, 0, [FoundPrime.From(2), FoundPrime.From(3)], Cancellation);
        Assert.IsType<BatchOutcome.Acknowledge>(await searching.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.IsType<BatchOutcome.Acknowledge>(await suspect.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        await ready.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 1));
    }

    [Fact]
    public async Task A_batch_that_waits_to_be_alone_is_handed_back_when_the_process_stops()
    {
        (PrimeRequest expensive, Task<BatchOutcome> searching) = await StartSearchAsync(quantity: 2);
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);
        using var stopping = new CancellationTokenSource();
        var message = new BatchMessage(request.Id, 0, Lane.Batches) { LostDeliveries = BatchProcessor.SuspectLostDeliveries };
        Task<BatchOutcome> suspect = _processor.ProcessAsync(message, stopping.Token, CancellationToken.None);

        await stopping.CancelAsync();

        Assert.IsType<BatchOutcome.HandBack>(await suspect.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        await _handler.WaitUntilReadyAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await _under.Store.CancelAsync(expensive.Id, Cancellation);
        await searching.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 10)]
    public async Task The_tenth_failure_of_a_batch_fails_its_request_and_the_ninth_does_not(long deliveries, int faults)
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);
        var message = new BatchMessage(request.Id, 0, Lane.Batches) { Faults = faults, LostDeliveries = deliveries };
        BatchMessage ninth = message with { Batch = 1, Faults = Math.Max(0, faults - 1), LostDeliveries = Math.Max(0, deliveries - 1) };
        Assert.IsType<BatchOutcome.Acknowledge>(await _processor.ProcessAsync(ninth, Cancellation, Cancellation));

        Assert.IsType<BatchOutcome.Reject>(await _processor.ProcessAsync(message, Cancellation, Cancellation));

        PrimeRequest failed = await FindAsync(request);
        Assert.Equal(RequestStatus.Failed, failed.Status);
        Assert.StartsWith("Batch 0", failed.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unexpected_failure_is_counted_and_retried()
    {
        // No number has so many digits; the engine throws.
        PrimeRequest request = await CreateAsync(quantity: 2, digits: 30, batchSize: 2);
        await _under.ExecuteAsync("UPDATE requests SET digits = 2147483647");

        var handBack = Assert.IsType<BatchOutcome.HandBack>(await ProcessAsync(request, 0));

        Assert.Equal(1, handBack.Again.Faults);
    }

    [Fact]
    public async Task Primes_that_collide_are_searched_for_anew()
    {
        // All primes of one digit: the second batch has to find the two that the first has left.
        PrimeRequest request = await CreateAsync(quantity: 4, digits: 1, batchSize: 2);

        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 0));
        Assert.IsType<BatchOutcome.Acknowledge>(await ProcessAsync(request, 1));

        Assert.Equal(["2", "3", "5", "7"], (await _under.Store.ReadPrimesAsync(request, 0, 10, Cancellation)).Order());
    }

    [Fact]
    public async Task A_message_that_is_handed_back_is_published_again_before_it_is_acknowledged()
    {
        PrimeRequest request = await CreateAsync(quantity: 10, digits: 30, batchSize: 2);

        Settlement settlement = await _handler.HandleAsync(BatchMessage.For(request, 4), new CancellationToken(canceled: true), CancellationToken.None);

        Assert.Equal(Settlement.Acknowledge, settlement);
        Assert.Equal([4], await PublishedAsync());
    }

    private Task<BatchOutcome> ProcessAsync(PrimeRequest request, int batch, bool mayHaveRun = false, long lostDeliveries = 0) => _processor.ProcessAsync(
        BatchMessage.For(request, batch) with { MayHaveRun = mayHaveRun, LostDeliveries = lostDeliveries }, CancellationToken.None, CancellationToken.None);

    /// <summary>Starts a search that goes on for long.</summary>
    private async Task<(PrimeRequest Request, Task<BatchOutcome> Searching)> StartSearchAsync(int quantity, bool mayHaveRun = false)
    {
        PrimeRequest request = await CreateAsync(quantity, digits: 4_000, batchSize: 2);
        Task<BatchOutcome> searching = ProcessAsync(request, 0, mayHaveRun);
        await Task.Delay(200, Cancellation);
        return (request, searching);
    }

    private async Task<PrimeRequest> FindAsync(PrimeRequest request) => (await _under.Store.FindAsync(request.Id, Cancellation))!;

    private async Task<PrimeRequest> CreateAsync(int quantity, int digits, int batchSize)
    {
        DateTimeOffset now = _under.Time.GetUtcNow();
        var request = new PrimeRequest
        {
            Id = Guid.CreateVersion7(now),
            Quantity = quantity,
            Digits = digits,
            Status = RequestStatus.Pending,
            GeneratedCount = 0,
            Plan = new BatchPlan(batchSize, (quantity + batchSize - 1) / batchSize, Window),
            CreatedAt = now,
            UpdatedAt = now,
        };
        await _under.Store.AcceptAsync(request, key: null, charge: null, Cancellation);
        return request;
    }

    /// <summary>Takes what was published out of the queue.</summary>
    private async Task<IReadOnlyList<int>> PublishedAsync()
    {
        using var stop = new CancellationTokenSource();
        var reader = new Reader(stop, (await _queue.ReadDepthAsync(Cancellation)).Ready);
        if (reader.Expected > 0)
            await Task.WhenAll(_queue.ConsumeAsync(Lane.Express, reader, stop.Token, Cancellation), _queue.ConsumeAsync(Lane.Batches, reader, stop.Token, Cancellation));
        return reader.Batches;
    }

    private sealed class Reader(CancellationTokenSource stop, long expected) : IBatchHandler
    {
        public long Expected => expected;

        public List<int> Batches { get; } = [];

        public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<Settlement> HandleAsync(BatchMessage message, CancellationToken stopping, CancellationToken abandoned)
        {
            Batches.Add(message.Batch);
            if (Batches.Count == expected)
                await stop.CancelAsync();
            return Settlement.Acknowledge;
        }
    }
}
