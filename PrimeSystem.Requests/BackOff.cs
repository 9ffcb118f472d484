using Polly;
using Polly.Retry;

namespace PrimeSystem.Requests;

/// <summary>Retries what fails because a server is out of reach: first after 100 ms, then after pauses that double up to 5 s, with jitter.</summary>
internal static class BackOff
{
    /// <summary>Repeats an operation until it succeeds.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation and the pauses.</param>
    /// <param name="onRetry">Called before each pause.</param>
    /// <param name="isRetried">Whether to retry after an exception; after any when null.</param>
    public static async Task RetryAsync(
        Func<CancellationToken, Task> operation, TimeProvider time, CancellationToken cancellationToken,
        Action<Exception>? onRetry = null, Func<Exception, bool>? isRetried = null)
    {
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } e && (isRetried is null || isRetried(e))),
                OnRetry = attempt =>
                {
                    onRetry?.Invoke(attempt.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
            })
            .Build();
        await pipeline.ExecuteAsync(async token => await operation(token), cancellationToken);
    }
}
