using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using PrimeSystem.Primes;

namespace PrimeSystem.Benchmarks.EndToEnd;

/// <summary>What bounds the system on this machine: the engine alone on all cores, and the database alone that gets the same rows.</summary>
internal static class Limits
{
    private const int BatchSize = 5_000;

    /// <summary>Primes per second of the engine on all cores, nothing else running.</summary>
    public static double Engine(int digits, double seconds)
    {
        var generator = new PrimeGenerator();
        long start = Stopwatch.GetTimestamp();
        int atOnce = Math.Clamp((int)(seconds / 4 / PrimeCost.ReferenceSeconds(digits)), 16, 20_000);
        long found = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
                Interlocked.Add(ref found, generator.Generate(digits, atOnce).Count());
        });
        return found / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Rows per second that PostgreSQL takes by COPY into the same table, a transaction a batch, on a connection a core; with the processor time of a row.</summary>
    public static async Task<double> DatabaseAsync(string connectionString, int digits, int rows)
    {
        var id = Guid.NewGuid();
        int batches = (rows + BatchSize - 1) / BatchSize;
        await Servers.ExecuteAsync(
            connectionString,
            $"""
            INSERT INTO requests (id, quantity, digits, status, batch_size, batch_count, "window", dispatched_at, seen_at, created_at, updated_at)
            VALUES ('{id}', {rows + 1}, {digits}, 'processing', {BatchSize}, {batches}, 1, now(), now(), now(), now())
            """);
        var prepared = new ConcurrentQueue<(int Batch, (int Index, string Value, byte[] Digest)[] Rows)>(
            Enumerable.Range(0, batches).AsParallel().Select(batch => (batch, Rows(digits, Math.Min(BatchSize, rows - batch * BatchSize)))));
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            while (prepared.TryDequeue(out var batch))
                await CopyAsync(connection, id, batch.Batch, batch.Rows);
        })));
        double rate = rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Servers.ExecuteAsync(connectionString, $"DELETE FROM requests WHERE id = '{id}'");
        return rate;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, Guid id, int batch, (int Index, string Value, byte[] Digest)[] rows)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using (var claim = new NpgsqlCommand("INSERT INTO batches (request_id, number, count, completed_at) VALUES ($1, $2, $3, now())", connection))
        {
            foreach (object value in new object[] { id, batch, rows.Length })
                claim.Parameters.Add(new() { Value = value });
            await claim.ExecuteNonQueryAsync();
        }
        await using (NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            """COPY prime_numbers (request_id, batch, "index", prime_value, digest) FROM STDIN (FORMAT BINARY)"""))
        {
            foreach ((int index, string value, byte[] digest) in rows)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(id, NpgsqlDbType.Uuid);
                await copy.WriteAsync(batch, NpgsqlDbType.Integer);
                await copy.WriteAsync(index, NpgsqlDbType.Integer);
                await copy.WriteAsync(value, NpgsqlDbType.Text);
                await copy.WriteAsync(digest, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync();
        }
        await transaction.CommitAsync();
    }

    /// <summary>Rows as a worker stores them, sorted by digest; the database does not ask whether they are prime.</summary>
    private static (int Index, string Value, byte[] Digest)[] Rows(int digits, int count)
    {
        var rows = new (int Index, string Value, byte[] Digest)[count];
        var text = new StringBuilder(digits + 18);
        for (int i = 0; i < count; i++)
        {
            text.Clear();
            while (text.Length < digits)
                text.Append(Random.Shared.NextInt64(100_000_000_000_000_000, 1_000_000_000_000_000_000).ToString(CultureInfo.InvariantCulture));
            string value = text.ToString(0, digits);
            rows[i] = (i, value, SHA256.HashData(Encoding.ASCII.GetBytes(value)));
        }
        Array.Sort(rows, (a, b) => a.Digest.AsSpan().SequenceCompareTo(b.Digest));
        return rows;
    }
}
