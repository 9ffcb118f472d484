using System.Runtime.CompilerServices;

namespace PrimeSystem.Cli.Remote;

/// <summary>Follows a request on a server and yields its primes as they come. It only keeps a position, from which it continues after every outage.</summary>
internal sealed class RemoteSearch(PrimeServer server, Guid id, RequestView status, long first)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public Guid Id => id;

    /// <summary>The last known status of the request.</summary>
    public RequestView Status { get; private set; } = status;

    /// <summary>The position of the first prime to yield.</summary>
    public long First => first;

    /// <summary>Yields the primes until the request has ended and all of them were read.</summary>
    public async IAsyncEnumerable<string> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long position = first;
        TimeSpan pause = ShortestPause;
        while (true)
        {
            long before = position;
            if (Status.GeneratedCount > position)
            {
                await foreach (string prime in server.ReadAsync(id, position, Status.Digits, cancellationToken))
                {
                    position++;
                    yield return prime;
                }
            }
            if (Status.HasEnded && position >= Status.GeneratedCount)
                yield break;
            pause = position > before ? ShortestPause : pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
            await Task.Delay(pause, cancellationToken);
            Status = await server.StatusAsync(id, cancellationToken);
        }
    }
}
