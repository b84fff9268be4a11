using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class StallRuleTests
{
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(5, 32)]
    [InlineData(6, 32)]
    [InlineData(int.MaxValue, 32)]
    public void Wait_AfterDrives_DoublesUpToABound(int drives, int minutes) => StallRule.Wait(drives).ShouldBe(TimeSpan.FromMinutes(minutes));
}
