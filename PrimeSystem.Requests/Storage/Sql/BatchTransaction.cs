using System.Globalization;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>
/// The transaction in which a batch is stored: its row, which only one transaction can insert; its primes, all of them new to the request; and the count
/// of the request, which gives the batch its position and completes the request. All or none.
/// </summary>
internal sealed class BatchTransaction(ISqlDatabase database, WriteTransaction transaction, Guid id, int batch)
{
    /// <summary>Commits the batch, unless it is stored already, one of its primes is, or its request has ended.</summary>
    /// <param name="primes">The primes.</param>
    /// <param name="now">The time of the commit.</param>
    /// <param name="cancellationToken">Rolls back.</param>
    public async Task<BatchCommit> CommitAsync(IReadOnlyList<FoundPrime> primes, DateTimeOffset now, CancellationToken cancellationToken)
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
            // All of it in one round trip.
            IReadOnlyList<object?> done = await transaction.ExecuteAsync([claim, Insert(primes[0]), .. count], cancellationToken);
            if (done[0] is null)
                return new BatchCommit(CommitOutcome.AlreadyDone);
            if (done[1] is null)
                return BatchCommit.CollidedAt([0]);
            generatedCount = done[2];
        }
        else
        {
            if ((await transaction.ExecuteAsync([claim], cancellationToken))[0] is null)
                return new BatchCommit(CommitOutcome.AlreadyDone);
            // In the order of their digests, so that two batches never wait for each other.
            int[] order = [.. Enumerable.Range(0, primes.Count)];
            Array.Sort(order, (a, b) => primes[a].Digest.AsSpan().SequenceCompareTo(primes[b].Digest));
            IReadOnlyList<int> collided = await database.InsertPrimesAsync(transaction, id, batch, primes, order, cancellationToken);
            if (collided.Count > 0)
                return BatchCommit.CollidedAt(collided);
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
}
