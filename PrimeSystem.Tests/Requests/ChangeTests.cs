using PrimeSystem.Requests.Notifications;

namespace PrimeSystem.Tests.Requests;

/// <summary>Notifications within a process.</summary>
public sealed class ChangeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subscriber_is_notified_of_the_changes_of_its_request_and_of_no_others()
    {
        var hub = new ChangeHub();
        (Guid mine, Guid other) = (Guid.NewGuid(), Guid.NewGuid());
        using ChangeSubscription subscription = hub.Subscribe(mine);
        using ChangeSubscription second = hub.Subscribe(mine);

        hub.Notify(other);
        Assert.False(subscription.WaitAsync(Cancellation).IsCompleted);
        hub.Notify(mine);
        await second.WaitAsync(Cancellation).WaitAsync(Soon, Cancellation);
    }

    [Fact]
    public async Task Changes_while_nobody_waits_count_as_one()
    {
        var hub = new ChangeHub();
        Guid id = Guid.NewGuid();
        using ChangeSubscription subscription = hub.Subscribe(id);
        for (int i = 0; i < 1_000; i++)
            hub.Notify(id);

        await subscription.WaitAsync(Cancellation).WaitAsync(Soon, Cancellation);

        Assert.False(subscription.WaitAsync(Cancellation).IsCompleted);
    }

    [Fact]
    public async Task After_notifications_may_have_been_lost_all_subscribers_are_notified()
    {
        var hub = new ChangeHub();
        using ChangeSubscription one = hub.Subscribe(Guid.NewGuid());
        using ChangeSubscription two = hub.Subscribe(Guid.NewGuid());

        hub.NotifyAll();

        await Task.WhenAll(one.WaitAsync(Cancellation), two.WaitAsync(Cancellation)).WaitAsync(Soon, Cancellation);
    }
}
