using AlertResponder.Connections.Alertmanager;
using AlertResponder.Enrichment.Comparison;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment.Comparison;

public sealed class LateRuleTests
{
    private const string NotAsked = "not asked";
    private const string NotListed = "not listed";

    /// <summary>
    /// Seconds since the firing came, what Alertmanager says (when listed: how many seconds after the resolution Prometheus sent it),
    /// whether that Alertmanager has had the alert, and minutes since that was started.
    /// </summary>
    [Theory]
    [InlineData(10, NotAsked, false, 60, nameof(LateVerdict.Wait))]
    [InlineData(59, NotAsked, true, 60, nameof(LateVerdict.Wait))]
    [InlineData(60, NotAsked, true, 60, nameof(LateVerdict.Fires))]
    [InlineData(10, "5", false, 60, nameof(LateVerdict.Fires))]
    [InlineData(10, "5", true, 1, nameof(LateVerdict.Fires))]
    [InlineData(10, "-5", true, 60, nameof(LateVerdict.Wait))]
    [InlineData(10, "0", true, 60, nameof(LateVerdict.Wait))]
    [InlineData(60, "-5", true, 60, nameof(LateVerdict.Old))]
    [InlineData(10, NotListed, true, 60, nameof(LateVerdict.Wait))]
    [InlineData(60, NotListed, true, 60, nameof(LateVerdict.Old))]
    [InlineData(60, NotListed, false, 60, nameof(LateVerdict.Fires))]
    [InlineData(60, NotListed, true, 4, nameof(LateVerdict.Fires))]
    public void Judge_ByTimeAndByWhatAlertmanagerHas_TellsOldOnes(int seconds, string says, bool wasListed, int minutesUp, string expected)
    {
        var resolvedAt = Samples.Start.AddMinutes(-2);
        var listing = says == NotAsked ? null : new AlertListing(
            says == NotListed ? [] : [Listed(resolvedAt.AddSeconds(int.Parse(says, System.Globalization.CultureInfo.InvariantCulture)))],
            Samples.Start.AddMinutes(-minutesUp),
            TellsWhoIsMuted: true);

        LateRule.Judge("01", Samples.Start.AddSeconds(-seconds), resolvedAt, wasListed, listing, Samples.Start).ToString().ShouldBe(expected);
    }

    private static ListedAlert Listed(DateTimeOffset updatedAt) => new("01", Samples.Start.AddHours(-1), updatedAt, null, null, null, null, new ListedStatus("active"));
}
