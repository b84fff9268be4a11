using AlertResponder.Incidents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class StoreTimeTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider time = new(Samples.Start);
    private readonly StoreTime storeTime;

    public StoreTimeTests() => storeTime = new StoreTime(time, NullLogger<StoreTime>.Instance);

    /// <summary>How long the answers take, of which all is the way back, in seconds; how wrong the difference may be.</summary>
    [Theory]
    [InlineData(0.9, 0.1, 0.4, 0.05)]
    [InlineData(0.0, 0.0, 0.0, 0.0)]
    [InlineData(30.0, 30.0, 0.2, 0.1)]
    public async Task Measure_SomeAnswersAreSlow_TheFastestCounts(double first, double second, double third, double error)
    {
        await MeasureAsync(Ahead, first, second, third);

        Math.Abs((storeTime.Difference - Ahead).TotalSeconds).ShouldBeLessThanOrEqualTo(error + 1e-6);
        storeTime.GetUtcNow().ShouldBe(time.GetUtcNow() + storeTime.Difference);
    }

    [Fact]
    public async Task Measure_AllAnswersAreSlow_KeepsWhatWasMeasuredBefore()
    {
        await MeasureAsync(Ahead, 0, 0, 0);

        await MeasureAsync(TimeSpan.Zero, 30, 10, 1.1);

        storeTime.Difference.ShouldBe(Ahead);
    }

    private Task MeasureAsync(TimeSpan ahead, params double[] took)
    {
        var answers = new Queue<double>(took);
        return storeTime.MeasureAsync(() =>
        {
            var told = time.GetUtcNow() + ahead;
            time.Advance(TimeSpan.FromSeconds(answers.Dequeue()));
            return Task.FromResult(told);
        });
    }
}
