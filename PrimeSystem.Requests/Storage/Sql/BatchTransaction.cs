using System.Data.Common;
using System.Globalization;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// The transaction in which a batch is stored: its row, which only one can insert; its primes, none of which its request has already; and the
/// request's count, which moves the request on and gives the batch its place among the others. All or none.
/// </summary>
internal sealed class BatchTransaction(ISqlDatabase database, WriteTransaction transaction, Guid id, int batch, CancellationToken cancellationToken)
{
    /// <summary>Commits the batch, unless that has been done or its request has ended.</summary>
    /// <param name="primes">The primes, distinct.</param>
    /// <param name="replace">Finds so many others, for primes that the request has already.</param>
    /// <param name="now">The time of the commit.</param>
    public async Task<BatchCommit> CommitAsync(
        IReadOnlyList<FoundPrime> primes, Func<int, Task<IReadOnlyList<FoundPrime>>> replace, DateTimeOffset now)
    {
        var claim = new Statement(
            "INSERT INTO batches (request_id, number, count, completed_at) VALUES (@id, @batch, @count, @now) ON CONFLICT DO NOTHING RETURNING number",
            ("id", id), ("batch", batch), ("count", primes.Count), ("now", now));
        // In one round trip, so that the request's row is locked for no longer than it takes to commit.
        Statement[] count =
        [
            new(
                $"""
                UPDATE requests
                SET generated_count = generated_count + @count, sweeps = 0, seen_at = @now, updated_at = @now,
                    status = CASE WHEN generated_count + @count = quantity THEN 'completed' ELSE 'processing' END
                WHERE id = @id AND {SqlRequestStore.Unfinished} AND purged_at IS NULL AND generated_count + @count <= quantity
                RETURNING generated_count
                """,
                ("id", id), ("count", primes.Count), ("now", now)),
            new(
                """
                UPDATE batches SET first = (SELECT generated_count - @count FROM requests WHERE id = @id) WHERE request_id = @id AND number = @batch
                RETURNING first
                """,
                ("id", id), ("batch", batch), ("count", primes.Count)),
        ];
        object? generatedCount;
        if (primes.Count == 1)
        {
            // All of it in one round trip; a lone prime that the request has already is replaced behind it.
            IReadOnlyList<object?> done = await transaction.ExecuteAsync([claim, Insert(primes[0]), .. count], cancellationToken);
            if (done[0] is null)
                return new BatchCommit(CommitOutcome.AlreadyDone);
            if (done[1] is null)
                await InsertDistinctAsync(primes, replace);
            generatedCount = done[2];
        }
        else
        {
            if ((await transaction.ExecuteAsync([claim], cancellationToken))[0] is null)
                return new BatchCommit(CommitOutcome.AlreadyDone);
            await InsertDistinctAsync(primes, replace);
            generatedCount = (await transaction.ExecuteAsync(count, cancellationToken))[0];
        }
        if (generatedCount is null)
            return new BatchCommit(CommitOutcome.Ended);
        await transaction.CommitAsync(cancellationToken);
        return new BatchCommit(CommitOutcome.Committed, Convert.ToInt32(generatedCount, CultureInfo.InvariantCulture));
    }

    private Statement Insert(FoundPrime prime) => new(
        """
        INSERT INTO prime_numbers (request_id, batch, "index", prime_value, digest) VALUES (@id, @batch, 0, @value, @digest)
        ON CONFLICT DO NOTHING RETURNING "index"
        """,
        ("id", id), ("batch", batch), ("value", prime.Value), ("digest", prime.Digest));

    /// <summary>Inserts the primes, sorted by digest so that two batches meet at a common prime in one order, and replaces what the request has already.</summary>
    private async Task InsertDistinctAsync(IReadOnlyList<FoundPrime> primes, Func<int, Task<IReadOnlyList<FoundPrime>>> replace)
    {
        int[] indexes = [.. Enumerable.Range(0, primes.Count)];
        while (true)
        {
            Array.Sort(indexes, (a, b) => primes[a].Digest.AsSpan().SequenceCompareTo(primes[b].Digest));
            if (await database.InsertPrimesAsync(transaction, id, batch, primes, indexes, cancellationToken) == indexes.Length)
                return;
            HashSet<int> stored = await StoredIndexesAsync();
            indexes = [.. indexes.Where(index => !stored.Contains(index))];
            IReadOnlyList<FoundPrime> replacements = await replace(indexes.Length);
            if (replacements.Count != indexes.Length)
                throw new InvalidOperationException($"{indexes.Length} primes were to be replaced, {replacements.Count} were given.");
            FoundPrime[] replaced = [.. primes];
            for (int i = 0; i < indexes.Length; i++)
                replaced[indexes[i]] = replacements[i];
            primes = replaced;
        }
    }

    private async Task<HashSet<int>> StoredIndexesAsync()
    {
        await using DbCommand command = transaction.Command(
            """SELECT "index" FROM prime_numbers WHERE request_id = @id AND batch = @batch""", ("id", id), ("batch", batch));
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var indexes = new HashSet<int>();
        while (await reader.ReadAsync(cancellationToken))
            indexes.Add(reader.GetInt32(0));
        return indexes;
    }
}
