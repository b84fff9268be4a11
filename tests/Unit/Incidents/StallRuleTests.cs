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

    // A storm that joins before the first message must not put that off.
    [Theory]
    [InlineData(0, 0, 45)]
    [InlineData(0, 1, 90)]
    [InlineData(1, 0, 90)]
    public void Next_ProgressAfter30s_PutsOffWhatHasAMessageOrWasDriven(int drawn, int drives, int seconds)
    {
        var incident = Samples.Incident();
        (incident.DriveAt, incident.DrawnVersion, incident.Drives) = (Samples.Start + StallRule.AloneAfter, drawn, drives);

        StallRule.Next(incident, Samples.Start.AddSeconds(30)).ShouldBe(Samples.Start.AddSeconds(seconds));
    }
}
