using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class CorrelationRuleTests
{
    private const int Firing = (int)AlertStatus.Firing;
    private const int Resolved = (int)AlertStatus.Resolved;
    private const int Unknown = -1;

    /// <summary>
    /// Known status, open incident's names with their severities (null: none open), minutes since it was resolved, others firing, the alert's
    /// status (its severity is warning), minutes since the known status arrived, whether the alert ends others of its fingerprint.
    /// </summary>
    [Theory]
    [InlineData(Firing, "KubePodCrashLooping", null, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Firing, "KubePodCrashLooping", null, 7, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Firing, "Other", null, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, null, 1.0, 0, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, null, null, 0, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, null, 1.0, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Late))]
    [InlineData(Resolved, "KubePodCrashLooping", null, 3, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Late))]
    [InlineData(Resolved, null, null, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Late))]
    [InlineData(Firing, "KubePodCrashLooping", null, 1, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.AlertResolved))]
    [InlineData(Firing, "KubePodCrashLooping", null, 0, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.IncidentResolved))]
    [InlineData(Unknown, null, null, 0, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.Remembered))]
    [InlineData(Unknown, "KubePodCrashLooping", null, 5, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.Remembered))]
    [InlineData(Unknown, null, 1.0, 0, AlertStatus.Resolved, 0.0, false, nameof(CorrelationOutcome.Remembered))]
    [InlineData(Unknown, null, null, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Opened))]
    [InlineData(Unknown, "KubePodCrashLooping,Other", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Joined))]
    [InlineData(Unknown, "Other", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Revised))]
    [InlineData(Unknown, "kubepodcrashlooping", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Revised))]
    [InlineData(Unknown, null, 0.0, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Unknown, null, 15.0, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Unknown, null, -0.5, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Unknown, null, 15.01, 0, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Opened))]
    [InlineData(Resolved, null, 1.0, 0, AlertStatus.Firing, 5.0, false, nameof(CorrelationOutcome.Late))]
    [InlineData(Resolved, null, 1.0, 0, AlertStatus.Firing, -1.0, false, nameof(CorrelationOutcome.Late))]
    [InlineData(Resolved, null, 6.0, 0, AlertStatus.Firing, 5.01, false, nameof(CorrelationOutcome.Reopened))]
    [InlineData(Resolved, null, 16.0, 0, AlertStatus.Firing, 16.0, false, nameof(CorrelationOutcome.Opened))]
    [InlineData(Resolved, null, null, 0, AlertStatus.Firing, 60.0, false, nameof(CorrelationOutcome.Opened))]
    [InlineData(Resolved, "KubePodCrashLooping", null, 1, AlertStatus.Firing, 6.0, false, nameof(CorrelationOutcome.Joined))]
    [InlineData(Firing, "KubePodCrashLooping", null, 0, AlertStatus.Firing, 60.0, false, nameof(CorrelationOutcome.Repeat))]
    [InlineData(Resolved, "KubePodCrashLooping", null, 0, AlertStatus.Resolved, 0.0, true, nameof(CorrelationOutcome.IncidentResolved))]
    [InlineData(Resolved, "KubePodCrashLooping", null, 1, AlertStatus.Resolved, 0.0, true, nameof(CorrelationOutcome.AlertResolved))]
    [InlineData(Unknown, "KubePodCrashLooping", null, 0, AlertStatus.Resolved, 0.0, true, nameof(CorrelationOutcome.IncidentResolved))]
    [InlineData(Unknown, "KubePodCrashLooping", null, 2, AlertStatus.Resolved, 0.0, true, nameof(CorrelationOutcome.AlertResolved))]
    [InlineData(Unknown, "KubePodCrashLooping", null, 0, AlertStatus.Firing, 0.0, true, nameof(CorrelationOutcome.Joined))]
    [InlineData(Unknown, "KubePodCrashLooping:Info", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Revised))]
    [InlineData(Unknown, "KubePodCrashLooping:", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Revised))]
    [InlineData(Unknown, "KubePodCrashLooping:Critical", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Joined))]
    [InlineData(Unknown, "KubePodCrashLooping:Info,Other:Critical", null, 1, AlertStatus.Firing, 0.0, false, nameof(CorrelationOutcome.Revised))]
    public void Decide_ByWhatIsKnown_SaysWhatItMeans(int known, string? openNames, double? minutesSinceResolved, int othersFiring, AlertStatus status, double minutesSinceKnown, bool endsOthers, string expected)
    {
        var state = new CorrelationState(
            known == Unknown ? null : (AlertStatus)known,
            known == Unknown ? null : Samples.Start.AddMinutes(-minutesSinceKnown),
            LateSince: null,
            openNames?.Split(',').Select(name => name.Split(':')).ToDictionary(
                parts => parts[0],
                parts => parts is [_, var severity] ? (Enum.TryParse<Severity>(severity, out var parsed) ? parsed : null) : (Severity?)Severity.Warning,
                StringComparer.Ordinal),
            minutesSinceResolved is { } minutes ? Samples.Start.AddMinutes(-minutes) : null,
            othersFiring,
            endsOthers);

        CorrelationRule.Decide(Samples.Alert("01", status, labels: ("severity", "warning")).Received(), state, Samples.Start).ToString().ShouldBe(expected);
    }

    /// <summary>
    /// Of a resolved alert: minutes since its resolution was received, minutes since it was first received firing after that (null: this is the
    /// first time), and whether Alertmanager's API says that it fires.
    /// </summary>
    [Theory]
    [InlineData(0.5, null, false, true)]
    [InlineData(5.0, null, false, true)]
    [InlineData(5.01, null, false, false)]
    [InlineData(2.0, 0.9, false, true)]
    [InlineData(2.0, 1.0, false, false)]
    [InlineData(0.5, null, true, false)]
    [InlineData(0.0, null, true, true)]
    [InlineData(0.0, null, false, true)]
    [InlineData(-1.0, null, true, true)]
    [InlineData(-1.0, 2.0, false, true)]
    public void IsLate_FiringAfterItsOwnResolution_UntilAMinuteWithoutAnotherOrTheApiSaysOtherwise(double minutesSinceResolved, double? minutesSinceLate, bool confirmed, bool expected)
    {
        var received = Samples.Alert("01").Received() with { Confirmed = confirmed };

        CorrelationRule.IsLate(
            received, Samples.Start.AddMinutes(-minutesSinceResolved), minutesSinceLate is { } minutes ? Samples.Start.AddMinutes(-minutes) : null).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1.0, true, nameof(CorrelationOutcome.IncidentResolved))]
    [InlineData(0.0, true, nameof(CorrelationOutcome.Repeat))]
    [InlineData(-1.0, true, nameof(CorrelationOutcome.Repeat))]
    [InlineData(-1.0, false, nameof(CorrelationOutcome.IncidentResolved))]
    public void Decide_ApiHasItNoMoreButAWebhookCameSince_ChangesNothing(double minutesSinceFiring, bool confirmed, string expected)
    {
        var names = new Dictionary<string, Severity?>(StringComparer.Ordinal) { ["KubePodCrashLooping"] = null };
        var state = new CorrelationState(AlertStatus.Firing, Samples.Start.AddMinutes(-minutesSinceFiring), LateSince: null, names, ResolvedAt: null, OthersFiring: 0, EndsOthers: false);

        CorrelationRule.Decide(Samples.Alert("01", AlertStatus.Resolved).Received() with { Confirmed = confirmed }, state, Samples.Start).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Decide_EveryOutcome_IsInTheTable() =>
        typeof(CorrelationRuleTests).GetMethod(nameof(Decide_ByWhatIsKnown_SaysWhatItMeans))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>()
            .Select(row => (string)row.Data[^1]!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ShouldBe(Enum.GetNames<CorrelationOutcome>().Order(StringComparer.Ordinal));

    /// <summary>An alert that fires since minute 0 and, where it is resolved, ended at minute 10; another of its fingerprint began at a minute.</summary>
    [Theory]
    [InlineData(AlertStatus.Firing, -1, true)]
    [InlineData(AlertStatus.Firing, 1, false)]
    [InlineData(AlertStatus.Resolved, -1, true)]
    [InlineData(AlertStatus.Resolved, 9, true)]
    [InlineData(AlertStatus.Resolved, 10, false)]
    [InlineData(AlertStatus.Resolved, 11, false)]
    public void Ends_OthersOfTheFingerprint_ByTheirStart(AlertStatus status, int otherStart, bool expected)
    {
        var received = Samples.Alert("01", status, startsAt: Samples.Start).Received();
        received = received with { Alert = received.Alert with { EndsAt = status == AlertStatus.Resolved ? Samples.Start.AddMinutes(10) : null } };

        CorrelationRule.Ends(received, Samples.Start.AddMinutes(otherStart)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(true, new[] { -3, -8 }, -3)]
    [InlineData(true, new int[0], 0)]
    [InlineData(false, new[] { -3 }, 0)]
    public void WithKnownStart_Guessed_IsTheOneThatFires(bool guessed, int[] firing, int expected)
    {
        var received = Samples.Alert("01", startsAt: Samples.Start).Received() with { StartIsGuessed = guessed };

        CorrelationRule.WithKnownStart(received, firing.Select(start => Samples.Start.AddMinutes(start))).Alert.StartsAt.ShouldBe(Samples.Start.AddMinutes(expected));
    }

    [Theory]
    [InlineData("Watchdog", null, true)]
    [InlineData("InfoInhibitor", "none", true)]
    [InlineData("KubePodCrashLooping", "none", true)]
    [InlineData("KubePodCrashLooping", " None", true)]
    [InlineData("KubePodCrashLooping", "warning", false)]
    [InlineData("KubePodCrashLooping", null, false)]
    [InlineData("watchdog", null, false)]
    public void IsIgnored_ByNameOrSeverity_OpensNothing(string name, string? severity, bool expected) =>
        CorrelationRule.IsIgnored(
            severity is null ? Samples.Alert("01", name: name) : Samples.Alert("01", name: name, labels: ("severity", severity)),
            ["Watchdog", "InfoInhibitor"]).ShouldBe(expected);
}
