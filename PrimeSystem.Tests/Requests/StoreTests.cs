using System.Collections.Concurrent;
using System.Numerics;
using System.Text;
using PrimeSystem.Requests;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Tests.Requests;

/// <summary>The guarantees of the store, on each database.</summary>
public abstract class StoreTests : TestsOnEachDatabase
{
    private const int Digits = 20;

    private BigInteger _next = BigInteger.Pow(10, Digits - 1);

    private IRequestStore Store => Under.Store;

    [Fact]
    public async Task A_request_reads_back_as_it_was_stored_and_storing_it_again_is_harmless()
    {
        PrimeRequest request = Request(7, batchSize: 3);
        await Store.AcceptAsync(request, key: null, charge: null, Cancellation);
        await Store.AcceptAsync(request, key: null, charge: null, Cancellation);

        PrimeRequest? read = await Store.FindAsync(request.Id, Cancellation);

        Assert.Equal(request, read);
        Assert.Single(await Store.ListAsync(OwnerFilter.Only(null), null, null, 10, Cancellation));
    }

    [Fact]
    public async Task A_batch_counts_once_however_often_it_is_committed()
    {
        PrimeRequest request = await CreateAsync(4, batchSize: 2);

        Assert.Equal(CommitOutcome.Committed, await CommitAsync(request, 0, Fresh(2)));
        Assert.Equal(CommitOutcome.AlreadyDone, await CommitAsync(request, 0, Fresh(2)));

        Assert.Equal(2, (await FindAsync(request)).GeneratedCount);
        Assert.Equal(2, (await ReadAllAsync(request)).Count);
    }

    [Fact]
    public async Task The_last_batch_completes_the_request_and_nothing_can_be_added_after()
    {
        PrimeRequest request = await CreateAsync(4, batchSize: 2);
        await CommitAsync(request, 1, Fresh(2));
        Assert.Equal(RequestStatus.Processing, (await FindAsync(request)).Status);
        await CommitAsync(request, 0, Fresh(2));
        Assert.Equal(RequestStatus.Completed, (await FindAsync(request)).Status);

        Assert.Equal(CommitOutcome.Ended, await CommitAsync(request, 2, Fresh(1)));

        Assert.Equal(4, (await ReadAllAsync(request)).Count);
    }

    [Fact]
    public async Task A_batch_that_would_be_too_many_is_not_stored()
    {
        PrimeRequest request = await CreateAsync(3, batchSize: 2);
        await CommitAsync(request, 0, Fresh(2));

        Assert.Equal(CommitOutcome.Ended, await CommitAsync(request, 1, Fresh(2)));

        Assert.Equal(2, (await FindAsync(request)).GeneratedCount);
        Assert.Equal([1], await Store.FindUnfinishedBatchesAsync(request, 10, Cancellation));
    }

    [Fact]
    public async Task Primes_that_the_request_has_already_are_replaced()
    {
        PrimeRequest request = await CreateAsync(6, batchSize: 3);
        IReadOnlyList<FoundPrime> first = Fresh(3);
        await CommitAsync(request, 0, first);
        IReadOnlyList<FoundPrime> fresh = Fresh(3);
        var asked = new List<int>();

        // One prime is new, one is in the first batch, one is twice in this one; the first replacement collides again.
        BatchCommit commit = await CommitReplacingAsync(request, 1, [fresh[0], first[1], fresh[0]], count =>
        {
            asked.Add(count);
            return asked.Count == 1 ? [first[2], fresh[1]] : [fresh[2]];
        });

        Assert.Equal(new BatchCommit(CommitOutcome.Committed, 6), commit);
        Assert.Equal([2, 1], asked);
        Assert.Equal(
            first.Concat(fresh).Select(prime => prime.Value).Order(StringComparer.Ordinal),
            (await ReadAllAsync(request)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task In_a_big_batch_too_every_prime_that_is_there_already_is_replaced()
    {
        PrimeRequest request = await CreateAsync(600, batchSize: 300);
        FoundPrime[] first = Fresh(300);
        await CommitAsync(request, 0, first);
        FoundPrime[] fresh = Fresh(298);
        FoundPrime[] replacements = Fresh(3);
        var asked = new List<int>();

        // Two primes are in the first batch already; each is replaced at its place.
        (CommitOutcome outcome, _) = await CommitReplacingAsync(request, 1, [first[7], .. fresh, first[299]], count =>
        {
            asked.Add(count);
            return replacements[..count];
        });

        Assert.Equal(CommitOutcome.Committed, outcome);
        Assert.Equal([2], asked);
        IReadOnlyList<string> primes = await ReadAllAsync(request);
        Assert.Equal(first.Concat(fresh).Select(prime => prime.Value), [.. primes.Take(300), .. primes.Skip(301).Take(298)]);
        Assert.Equal(replacements[..2].Select(prime => prime.Value), new[] { primes[300], primes[599] }.Order(StringComparer.Ordinal));
        Assert.Equal(RequestStatus.Completed, (await FindAsync(request)).Status);
    }

    [Fact]
    public async Task Primes_go_with_their_batch()
    {
        PrimeRequest request = await CreateAsync(300, batchSize: 100);
        for (int batch = 0; batch < 3; batch++)
            await CommitAsync(request, batch, Fresh(100));

        await Under.ExecuteAsync("DELETE FROM batches WHERE number IN (0, 2)");
        Assert.Equal(100, await Under.CountAsync("prime_numbers"));

        await Under.ExecuteAsync("DELETE FROM requests");
        Assert.Equal(0, await Under.CountAsync("prime_numbers"));
    }

    [Fact]
    public async Task Batches_that_collide_in_opposite_order_both_succeed()
    {
        PrimeRequest request = await CreateAsync(6, batchSize: 2);
        IReadOnlyList<FoundPrime> known = Fresh(2);
        await CommitAsync(request, 0, known);
        (FoundPrime p, FoundPrime q) = (Fresh(1)[0], Fresh(1)[0]);

        // Each holds a prime that the other wants as well: whichever commits second collides.
        CommitOutcome[] outcomes = await Task.WhenAll(
            Task.Run(() => ReplacingAsync(1, [p, q]), Cancellation), Task.Run(() => ReplacingAsync(2, [q, p]), Cancellation));

        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        IReadOnlyList<string> primes = await ReadAllAsync(request);
        Assert.Equal(6, primes.Distinct().Count());
        Assert.Equal(6, primes.Count);
        Assert.Contains(p.Value, primes);
        Assert.Contains(q.Value, primes);

        async Task<CommitOutcome> ReplacingAsync(int batch, FoundPrime[] primes) => (await CommitReplacingAsync(request, batch, primes, Fresh)).Outcome;
    }

    [Fact]
    public async Task Positions_are_gap_free_and_keep_to_the_order_of_commits()
    {
        PrimeRequest request = await CreateAsync(30, batchSize: 10);
        await CommitAsync(request, 2, Fresh(10));
        IReadOnlyList<string> before = await ReadAllAsync(request);
        await CommitAsync(request, 0, Fresh(10));
        await CommitAsync(request, 1, Fresh(10));

        IReadOnlyList<string> after = await ReadAllAsync(request);

        Assert.Equal(before, after.Take(10));
        Assert.Equal(30, after.Count);
        Assert.Equal(after.Skip(8).Take(15), await Store.ReadPrimesAsync(request, 8, 15, Cancellation));
        Assert.Equal(after.Skip(29), await Store.ReadPrimesAsync(request, 29, 1_000, Cancellation));
        Assert.Empty(await Store.ReadPrimesAsync(request, 30, 1_000, Cancellation));
    }

    [Fact]
    public async Task Many_workers_at_once_store_every_batch_exactly_once()
    {
        const int Batches = 60;
        PrimeRequest request = await CreateAsync(Batches * 5, batchSize: 5);
        var outcomes = new ConcurrentBag<CommitOutcome>();

        // Every batch is tried by three workers.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Batches * 3), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            async (i, _) => outcomes.Add(await CommitAsync(request, i % Batches, Fresh(5))));

        Assert.Equal(Batches, outcomes.Count(outcome => outcome == CommitOutcome.Committed));
        PrimeRequest after = await FindAsync(request);
        Assert.Equal((RequestStatus.Completed, Batches * 5), (after.Status, after.GeneratedCount));
        Assert.Equal(Batches * 5, (await ReadAllAsync(request)).Distinct().Count());
    }

    [Fact]
    public async Task A_request_cancelled_in_the_middle_of_a_commit_gets_nothing_of_it()
    {
        PrimeRequest request = await CreateAsync(6, batchSize: 3);
        await CommitAsync(request, 0, Fresh(3));

        // Whichever takes the request's row first.
        Task<bool> cancelling = Task.Run(() => Store.CancelAsync(request.Id, Cancellation), Cancellation);
        CommitOutcome outcome = await CommitAsync(request, 1, Fresh(3));

        Assert.Equal(outcome != CommitOutcome.Committed, await cancelling);
        int expected = outcome == CommitOutcome.Committed ? 6 : 3;
        Assert.Equal(expected, (await FindAsync(request)).GeneratedCount);
        Assert.Equal(expected, (await ReadAllAsync(request)).Count);
        Assert.Equal(outcome == CommitOutcome.Committed ? RequestStatus.Completed : RequestStatus.Cancelled, (await FindAsync(request)).Status);
    }

    [Fact]
    public async Task A_request_purged_in_the_middle_of_a_commit_leaves_nothing_behind()
    {
        PrimeRequest request = await CreateAsync(6, batchSize: 3);
        await CommitAsync(request, 0, Fresh(3));

        Task purging = Task.Run(
            async () =>
            {
                await Store.PurgeAsync(request.Id, Cancellation);
                while (await Store.DeletePurgedAsync(Cancellation))
                {
                }
            },
            Cancellation);
        await CommitAsync(request, 1, Fresh(3));
        await purging;

        Assert.Null(await Store.FindAsync(request.Id, Cancellation));
        Assert.Equal(0, await Under.CountAsync("requests"));
        Assert.Equal(0, await Under.CountAsync("batches"));
        Assert.Equal(0, await Under.CountAsync("prime_numbers"));
        Assert.Equal(CommitOutcome.Ended, await CommitAsync(request, 2, Fresh(1)));
    }

    [Fact]
    public async Task A_purge_goes_in_chunks_and_takes_no_other_request_along()
    {
        PrimeRequest kept = await CreateAsync(3, batchSize: 3);
        await CommitAsync(kept, 0, Fresh(3));
        PrimeRequest purged = await CreateAsync(100, batchSize: 10_000);
        for (int batch = 0; batch < 5; batch++)
            await CommitAsync(purged, batch, Fresh(20));

        Assert.Equal(PurgeOutcome.Ended, await Store.PurgeAsync(purged.Id, Cancellation));
        Assert.Equal(PurgeOutcome.NotFound, await Store.PurgeAsync(purged.Id, Cancellation));
        int chunks = 0;
        while (await Store.DeletePurgedAsync(Cancellation))
            chunks++;

        Assert.Equal(4, chunks); // two batches of 10,000 in each chunk, the request last
        Assert.Equal(3, await Under.CountAsync("prime_numbers"));
        Assert.Equal(1, await Under.CountAsync("requests"));
        Assert.Equal(3, (await ReadAllAsync(kept)).Count);
    }

    [Fact]
    public async Task Digits_are_those_of_the_primes_by_position()
    {
        PrimeRequest request = await CreateAsync(250, batchSize: 100);
        foreach (int batch in new[] { 1, 2, 0 })
            await CommitAsync(request, batch, Fresh(request.Plan.CountOf(batch, 250)));
        IReadOnlyList<string> all = await ReadAllAsync(request);

        foreach ((int from, int count) in new[] { (0, 250), (0, 1), (99, 2), (40, 120), (249, 5), (250, 5) })
        {
            ReadOnlyMemory<byte> digits = await Store.ReadDigitsAsync(request, from, count, Cancellation);
            Assert.Equal(string.Concat(all.Skip(from).Take(count)), Encoding.ASCII.GetString(digits.Span));
        }
    }

    [Fact]
    public async Task Only_what_was_completed_long_enough_ago_expires_the_oldest_first()
    {
        PrimeRequest unfinished = await CreateAsync(2, batchSize: 1);
        PrimeRequest cancelled = await CreateAsync(1, batchSize: 1);
        await Store.CancelAsync(cancelled.Id, Cancellation);
        PrimeRequest[] completed = [await CreateAsync(1, batchSize: 1), await CreateAsync(1, batchSize: 1), await CreateAsync(1, batchSize: 1)];
        await CommitAsync(unfinished, 0, Fresh(1));
        await CommitAsync(completed[0], 0, Fresh(1));
        await CommitAsync(completed[1], 0, Fresh(1));
        DateTimeOffset moment = Under.Time.GetUtcNow();
        Under.Time.Advance(TimeSpan.FromMilliseconds(1));
        await CommitAsync(completed[2], 0, Fresh(1));

        Assert.Equal(0, await Store.PurgeCompletedAsync(moment.AddMilliseconds(-1), 10, Cancellation));
        Assert.Equal(1, await Store.PurgeCompletedAsync(moment, 1, Cancellation));
        Assert.Null(await Store.FindAsync(completed[0].Id, Cancellation));
        Assert.Equal(1, await Store.PurgeCompletedAsync(moment, 10, Cancellation));
        Assert.Equal(0, await Store.PurgeCompletedAsync(moment, 10, Cancellation));

        Assert.Equal(
            [completed[2].Id, cancelled.Id, unfinished.Id],
            (await Store.ListAsync(OwnerFilter.Everybody, null, null, 10, Cancellation)).Select(request => request.Id));
    }

    [Fact]
    public async Task A_prime_of_5000_digits_is_stored_and_read_back()
    {
        PrimeRequest request = await CreateAsync(2, batchSize: 1);
        BigInteger big = BigInteger.Pow(10, 4_999) + 7;
        await CommitAsync(request, 0, [FoundPrime.From(big)]);
        await CommitReplacingAsync(request, 1, [FoundPrime.From(big)], _ => [FoundPrime.From(big + 2)]);

        Assert.Equal([big.ToString(), (big + 2).ToString()], await ReadAllAsync(request));
    }

    [Fact]
    public async Task Requests_are_listed_by_owner()
    {
        PrimeRequest hers = Request(1, batchSize: 1) with { Owner = "alice" };
        PrimeRequest nobodys = Request(1, batchSize: 1);
        await Store.AcceptAsync(hers, key: null, charge: null, Cancellation);
        await Store.AcceptAsync(nobodys, key: null, charge: null, Cancellation);

        Assert.Equal([hers.Id], await ListAsync(OwnerFilter.Only("alice")));
        Assert.Equal([nobodys.Id], await ListAsync(OwnerFilter.Only(null)));
        Assert.Equal([nobodys.Id, hers.Id], await ListAsync(OwnerFilter.Everybody));
        Assert.Empty(await ListAsync(OwnerFilter.Only("ALICE")));
        Assert.Equal("alice", (await FindAsync(hers)).Owner);
    }

    [Fact]
    public async Task Unfinished_batches_are_found_in_order()
    {
        PrimeRequest request = await CreateAsync(10, batchSize: 1);
        foreach (int batch in new[] { 0, 2, 3, 7 })
            await CommitAsync(request, batch, Fresh(1));

        Assert.Equal([1, 4, 5], await Store.FindUnfinishedBatchesAsync(request, 3, Cancellation));
        Assert.Equal([1, 4, 5, 6, 8, 9], await Store.FindUnfinishedBatchesAsync(request, 100, Cancellation));
    }

    [Fact]
    public async Task Requests_stay_undispatched_until_they_are_marked()
    {
        PrimeRequest first = await CreateAsync(1, batchSize: 1);
        PrimeRequest second = await CreateAsync(1, batchSize: 1);
        Assert.Equal([first.Id, second.Id], await UndispatchedAsync());

        await Store.MarkDispatchedAsync([first.Id], Cancellation);
        Assert.Equal([second.Id], await UndispatchedAsync());

        await Store.MarkDispatchedAsync([second.Id], Cancellation);
        await Store.MarkUndispatchedAsync(first.Id, Cancellation);
        Assert.Equal([first.Id], await UndispatchedAsync());

        await Store.MarkAllUndispatchedAsync(Cancellation);
        Assert.Equal([first.Id, second.Id], await UndispatchedAsync());
    }

    [Fact]
    public async Task A_request_is_stalled_when_nobody_was_seen_at_it_for_twice_as_long_each_time()
    {
        PrimeRequest request = await CreateAsync(2, batchSize: 1);
        await Store.MarkDispatchedAsync([request.Id], Cancellation);
        TimeSpan after = TimeSpan.FromMinutes(2);
        Assert.Empty(await StalledAsync(after));

        Under.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([request.Id], await StalledAsync(after));
        await Store.MarkSweptAsync(request.Id, Cancellation);
        Assert.Empty(await StalledAsync(after));
        Under.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([request.Id], await StalledAsync(after));

        await Store.MarkSeenAsync(request.Id, Under.Time.GetUtcNow(), Cancellation);
        Assert.Empty(await StalledAsync(after));
        await CommitAsync(request, 0, Fresh(1));
        Assert.Equal(0, (await FindAsync(request)).Sweeps);
    }

    [Fact]
    public async Task A_failed_request_keeps_its_reason_and_stays_failed()
    {
        PrimeRequest request = await CreateAsync(2, batchSize: 1);
        Assert.True(await Store.FailAsync(request.Id, "Because.", Cancellation));
        Assert.False(await Store.FailAsync(request.Id, "Again.", Cancellation));
        Assert.False(await Store.CancelAsync(request.Id, Cancellation));

        PrimeRequest after = await FindAsync(request);

        Assert.Equal((RequestStatus.Failed, "Because."), (after.Status, after.Failure));
        Assert.Equal(CommitOutcome.Ended, await CommitAsync(request, 0, Fresh(1)));
    }

    [Fact]
    public async Task A_commit_tells_how_many_primes_the_request_has_with_it()
    {
        PrimeRequest request = await CreateAsync(5, batchSize: 2);

        Assert.Equal(2, await GeneratedAsync(0, 2));
        Assert.Equal(3, await GeneratedAsync(2, 1));
        Assert.Equal(5, await GeneratedAsync(1, 2));

        async Task<int> GeneratedAsync(int batch, int count) => (await Store.CommitBatchAsync(request, batch, Fresh(count), Cancellation)).GeneratedCount;
    }

    [Fact]
    public async Task Unfinished_requests_are_counted_by_what_they_wait_for()
    {
        PrimeRequest pending = await CreateAsync(2, batchSize: 1);
        PrimeRequest processing = await CreateAsync(2, batchSize: 1);
        await Store.MarkDispatchedAsync([processing.Id], Cancellation);
        await CommitAsync(processing, 0, Fresh(1));
        PrimeRequest completed = await CreateAsync(1, batchSize: 1);
        await CommitAsync(completed, 0, Fresh(1));
        await Store.CancelAsync((await CreateAsync(1, batchSize: 1)).Id, Cancellation);
        Assert.Equal(PurgeOutcome.Cancelled, await Store.PurgeAsync((await CreateAsync(1, batchSize: 1)).Id, Cancellation));

        Assert.Equal(new UnfinishedRequests(Pending: 1, Processing: 1, Undispatched: 1), await Store.CountUnfinishedAsync(Cancellation));

        Assert.True(await Store.CancelAsync(pending.Id, Cancellation));
        Assert.Equal(new UnfinishedRequests(0, 1, 0), await Store.CountUnfinishedAsync(Cancellation));
    }

    private async Task<CommitOutcome> CommitAsync(PrimeRequest request, int batch, IReadOnlyList<FoundPrime> primes)
    {
        CommitOutcome outcome = (await Store.CommitBatchAsync(request, batch, primes, Cancellation)).Outcome;
        Assert.NotEqual(CommitOutcome.Collided, outcome);
        return outcome;
    }

    /// <summary>Commits a batch as a worker does: again and again, with others in place of the primes that collided.</summary>
    private async Task<BatchCommit> CommitReplacingAsync(PrimeRequest request, int batch, FoundPrime[] primes, Func<int, FoundPrime[]> replace)
    {
        BatchCommit commit;
        while ((commit = await Store.CommitBatchAsync(request, batch, primes, Cancellation)).Outcome == CommitOutcome.Collided)
        {
            FoundPrime[] others = replace(commit.Collided.Count);
            for (int i = 0; i < others.Length; i++)
                primes[commit.Collided[i]] = others[i];
        }
        return commit;
    }

    private async Task<IEnumerable<Guid>> ListAsync(OwnerFilter owner) =>
        (await Store.ListAsync(owner, status: null, before: null, 10, Cancellation)).Select(request => request.Id);

    private async Task<PrimeRequest> FindAsync(PrimeRequest request) => (await Store.FindAsync(request.Id, Cancellation))!;

    private Task<IReadOnlyList<string>> ReadAllAsync(PrimeRequest request) => Store.ReadPrimesAsync(request, 0, 1_000_000, Cancellation);

    private async Task<IEnumerable<Guid>> UndispatchedAsync() =>
        (await Store.FindUndispatchedAsync(Under.Time.GetUtcNow(), 10, Cancellation)).Select(request => request.Id);

    private async Task<IEnumerable<Guid>> StalledAsync(TimeSpan after) =>
        (await Store.FindStalledAsync(after, 10, Cancellation)).Select(request => request.Id);

    private async Task<PrimeRequest> CreateAsync(int quantity, int batchSize)
    {
        PrimeRequest request = Request(quantity, batchSize);
        await Store.AcceptAsync(request, key: null, charge: null, Cancellation);
        return request;
    }

    private PrimeRequest Request(int quantity, int batchSize)
    {
        Under.Time.Advance(TimeSpan.FromMilliseconds(1));
        DateTimeOffset now = Under.Time.GetUtcNow();
        return new PrimeRequest
        {
            Id = Guid.CreateVersion7(now),
            Quantity = quantity,
            Digits = Digits,
            Status = RequestStatus.Pending,
            GeneratedCount = 0,
            Plan = new BatchPlan(batchSize, (quantity + batchSize - 1) / batchSize, 16),
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>Numbers that no other call returns. The store does not care whether they are prime.</summary>
    private FoundPrime[] Fresh(int count)
    {
        lock (Under)
        {
            var primes = new FoundPrime[count];
            for (int i = 0; i < count; i++)
                primes[i] = FoundPrime.From(_next++);
            return primes;
        }
    }
}
