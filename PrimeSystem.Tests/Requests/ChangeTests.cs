using PrimeSystem.Requests.Notifications;

namespace PrimeSystem.Tests.Requests;

/// <summary>Word of changes within a process.</summary>
public sealed class ChangeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_listens_to_a_request_hears_of_its_changes_and_of_no_others()
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
    public async Task Changes_that_come_while_nobody_waits_are_one()
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
    public async Task After_word_may_have_been_lost_everybody_looks()
    {
        var hub = new ChangeHub();
        using ChangeSubscription one = hub.Subscribe(Guid.NewGuid());
        using ChangeSubscription two = hub.Subscribe(Guid.NewGuid());

        hub.NotifyAll();

        await Task.WhenAll(one.WaitAsync(Cancellation), two.WaitAsync(Cancellation)).WaitAsync(Soon, Cancellation);
    }
}
