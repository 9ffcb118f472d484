using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PrimeSystem.Requests.Storage.Postgres;
using PrimeSystem.Requests.Storage.Sql;

namespace PrimeSystem.Tests.Requests;

/// <summary>When an outage of the database begins and ends, and what it is called.</summary>
public sealed class StoreOutageTests : IDisposable, ILogger<StoreOutage>
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly StoreOutage _outage;

    public StoreOutageTests() => _outage = new StoreOutage(_time, this);

    public void Dispose() => _outage.Dispose();

    [Fact]
    public void A_full_disk_is_one_outage_however_often_it_fails_until_a_batch_is_stored()
    {
        _outage.Failed(StoreDemand.Batch, StoreFailure.DiskFull, "no room");
        _outage.Failed(StoreDemand.Rows, StoreFailure.DiskFull, "no room");
        _outage.Succeeded(StoreDemand.Answer);
        _outage.Succeeded(StoreDemand.Writable);
        _outage.Succeeded(StoreDemand.Rows);
        Assert.Contains("disk is full", _outage.Reason, StringComparison.Ordinal);

        _outage.Succeeded(StoreDemand.Batch);

        Assert.Null(_outage.Reason);
        Assert.Collection(
            _lines,
            began => Assert.StartsWith("Database outage began: The database cannot be written to: the disk is full.", began, StringComparison.Ordinal),
            ended => Assert.StartsWith("Database outage ended", ended, StringComparison.Ordinal));
    }

    [Fact]
    public void A_read_ends_the_outage_of_a_database_that_could_not_be_reached_and_not_of_a_full_one()
    {
        _outage.Failed(StoreDemand.Batch, StoreFailure.Unreachable, "gone");
        _outage.Succeeded(StoreDemand.Answer);
        Assert.Null(_outage.Reason);

        _outage.Failed(StoreDemand.Rows, StoreFailure.ReadOnly, "a standby");
        _outage.Succeeded(StoreDemand.Answer);
        Assert.NotNull(_outage.Reason);
        _outage.Succeeded(StoreDemand.Writable);
        Assert.Null(_outage.Reason);
    }

    [Fact]
    public void A_process_that_only_reads_forgets_an_outage_of_writing()
    {
        _outage.Failed(StoreDemand.Rows, StoreFailure.DiskFull, "no room");
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Null(_outage.Reason);
        _outage.Succeeded(StoreDemand.Answer);
        Assert.Equal(2, _lines.Count);
    }

    [Fact]
    public async Task During_an_outage_one_at_a_time_tries_again_after_pauses_that_grow()
    {
        await _outage.WaitForTurnAsync(TestContext.Current.CancellationToken);
        _outage.Failed(StoreDemand.Rows, StoreFailure.DiskFull, "no room");

        Task first = _outage.WaitForTurnAsync(TestContext.Current.CancellationToken);
        Task second = _outage.WaitForTurnAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await first;
        Assert.False(second.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(150));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await second;
    }

    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull, "the disk is full")]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, "read-only")]
    [InlineData(PostgresErrorCodes.TooManyConnections, "no more connections")]
    [InlineData(PostgresErrorCodes.AdminShutdown, "cannot be reached")]
    [InlineData(PostgresErrorCodes.UniqueViolation, null)]
    public async Task PostgreSQL_says_what_keeps_it_from_serving(string state, string? expected)
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create("Host=127.0.0.1");
        var database = new PostgresDatabase(dataSource, "", serviceRole: null, NullLogger<PostgresDatabase>.Instance);

        string? reason = database.FailureOf(new PostgresException("…", "ERROR", "ERROR", state))?.Reason;

        if (expected is null)
            Assert.Null(reason);
        else
            Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));
}
