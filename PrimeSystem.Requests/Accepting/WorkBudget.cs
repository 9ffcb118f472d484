using System.ComponentModel.DataAnnotations;
using PrimeSystem.Requests.Storage;

namespace PrimeSystem.Requests.Accepting;

/// <summary>
/// The work that a client may ask for, by the reference cost: a bucket that fills steadily and from which every request takes its work. Configuration
/// section <c>RateLimits:Work</c>; zero means no limit, which is the default of the standalone system.
/// </summary>
public sealed class WorkBudget
{
    public const string Section = "RateLimits:Work";

    /// <summary>Enough for ten cores around the clock.</summary>
    private static readonly TimeSpan Default = TimeSpan.FromDays(10);

    /// <summary>The core time that a full bucket holds: the most that can be asked for at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan Burst { get; set; } = Default;

    /// <summary>The core time that flows into the bucket in a day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan PerDay { get; set; } = Default;

    /// <summary>Whether there is a budget.</summary>
    public bool IsOn => Burst > TimeSpan.Zero && PerDay > TimeSpan.Zero;

    /// <summary>Core-seconds that flow into the bucket in a second.</summary>
    private double Rate => PerDay.TotalDays;

    /// <summary>The charge to an account for work; null without a budget.</summary>
    /// <param name="account">The account.</param>
    /// <param name="seconds">Core-seconds, at most <see cref="Burst"/>.</param>
    internal WorkCharge? Charge(string account, double seconds) => IsOn
        ? new WorkCharge(account, (long)Math.Ceiling(seconds / Rate * TimeSpan.TicksPerSecond), (long)(Burst.Ticks / Rate))
        : null;

    /// <summary>The work that flows in during a time.</summary>
    internal TimeSpan WorkIn(TimeSpan time) => time * Rate;
}
