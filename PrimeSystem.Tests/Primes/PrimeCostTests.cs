using PrimeSystem.Primes;

namespace PrimeSystem.Tests.Primes;

public class PrimeCostTests
{
    [Theory]
    [InlineData(12, 1 / 340_000.0), InlineData(309, 1 / 150.0), InlineData(2_466, 1 / 0.14), InlineData(10_000, 1_600)]
    public void Reference_costs_stay_what_plans_and_quotas_were_made_with(int digits, double seconds) =>
        Assert.Equal(seconds, PrimeCost.ReferenceSeconds(digits), seconds * 1e-9);

    [Fact]
    public void Costs_grow_with_the_size_beyond_the_table_too()
    {
        for (int digits = 12; digits < 20_000; digits += 1 + digits / 10)
            Assert.True(PrimeCost.ReferenceSeconds(digits + 1) > PrimeCost.ReferenceSeconds(digits));
    }

    [Fact]
    public void Calibrated_costs_are_positive_and_finite_at_every_size()
    {
        foreach (int digits in new[] { 1, 12, 38, 155, 617, 2_466, 10_000 })
            Assert.True(PrimeCost.CalibratedSeconds(digits) is > 0 and < double.PositiveInfinity);
    }

    [Fact]
    public void Less_than_one_digit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeCost.ReferenceSeconds(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeCost.CalibratedSeconds(0));
    }
}
