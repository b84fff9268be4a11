using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class CorrelationRuleTests
{
    private const int Firing = (int)AlertStatus.Firing;
    private const int Resolved = (int)AlertStatus.Resolved;
    private const int Unknown = -1;

    /// <summary>Known status, open incident's names (null: none open), minutes since it was resolved, others firing, the alert's status.</summary>
    [Theory]
    [InlineData(Firing, "KubePodCrashLooping", null, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Firing, "KubePodCrashLooping", null, 7, AlertStatus.Firing, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Firing, "Other", null, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, null, 1.0, 0, AlertStatus.Resolved, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, null, null, 0, AlertStatus.Resolved, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, null, 1.0, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Late))]
    [InlineData(Resolved, "KubePodCrashLooping", null, 3, AlertStatus.Firing, nameof(CorrelationOutcome.Late))]
    [InlineData(Resolved, null, null, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Late))]
    [InlineData(Firing, "KubePodCrashLooping", null, 1, AlertStatus.Resolved, nameof(CorrelationOutcome.AlertResolved))]
    [InlineData(Firing, "KubePodCrashLooping", null, 0, AlertStatus.Resolved, nameof(CorrelationOutcome.IncidentResolved))]
    [InlineData(Unknown, null, null, 0, AlertStatus.Resolved, nameof(CorrelationOutcome.Remembered))]
    [InlineData(Unknown, "KubePodCrashLooping", null, 5, AlertStatus.Resolved, nameof(CorrelationOutcome.Remembered))]
    [InlineData(Unknown, null, 1.0, 0, AlertStatus.Resolved, nameof(CorrelationOutcome.Remembered))]
    [InlineData(Unknown, null, null, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Opened))]
    [InlineData(Unknown, "KubePodCrashLooping,Other", null, 1, AlertStatus.Firing, nameof(CorrelationOutcome.Joined))]
    [InlineData(Unknown, "Other", null, 1, AlertStatus.Firing, nameof(CorrelationOutcome.Revised))]
    [InlineData(Unknown, "kubepodcrashlooping", null, 1, AlertStatus.Firing, nameof(CorrelationOutcome.Revised))]
    [InlineData(Unknown, null, 0.0, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Unknown, null, 15.0, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Unknown, null, -0.5, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Unknown, null, 15.01, 0, AlertStatus.Firing, nameof(CorrelationOutcome.Opened))]
    public void Decide_ByWhatIsKnown_SaysWhatItMeans(int known, string? openNames, double? minutesSinceResolved, int othersFiring, AlertStatus status, string expected)
    {
        var state = new CorrelationState(
            known == Unknown ? null : (AlertStatus)known,
            openNames?.Split(',').ToHashSet(StringComparer.Ordinal),
            minutesSinceResolved is { } minutes ? Samples.Start.AddMinutes(-minutes) : null,
            othersFiring);

        CorrelationRule.Decide(Samples.Alert("01", status), state, Samples.Start).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Decide_EveryOutcome_IsInTheTable() =>
        typeof(CorrelationRuleTests).GetMethod(nameof(Decide_ByWhatIsKnown_SaysWhatItMeans))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>()
            .Select(row => (string)row.Data[^1]!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ShouldBe(Enum.GetNames<CorrelationOutcome>().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Watchdog", null, true)]
    [InlineData("InfoInhibitor", "none", true)]
    [InlineData("KubePodCrashLooping", "none", true)]
    [InlineData("KubePodCrashLooping", "None", true)]
    [InlineData("KubePodCrashLooping", "warning", false)]
    [InlineData("KubePodCrashLooping", null, false)]
    [InlineData("watchdog", null, false)]
    public void IsIgnored_ByNameOrSeverity_OpensNothing(string name, string? severity, bool expected) =>
        CorrelationRule.IsIgnored(
            severity is null ? Samples.Alert("01", name: name) : Samples.Alert("01", name: name, labels: ("severity", severity)),
            ["Watchdog", "InfoInhibitor"]).ShouldBe(expected);
}
