using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class StandingAlertsTests
{
    private static readonly Alert One = Host("01", "db-1.example:9104");
    private static readonly Alert Two = Host("02", "db-2.example:9104");

    private static readonly Subject Sick = new("Deployment", "shop", "db");

    [Theory]
    [InlineData("InstanceDown: Instance db-1.example:9104 down", true)]
    [InlineData("The exporter on db-1.example does not answer", true)]
    [InlineData("Instance DB-1.example:9104 down", true)]
    [InlineData("InstanceDown: Instance db-2.example:9104 down", false)]
    [InlineData("MySQL hosts are down", false)]
    [InlineData("Instance db-1.example.org:9104 down", false)]
    [InlineData("Instance other-db-1.example:9104 down", false)]
    public void IsAboutWhatIsOver_OneOfTwoHostsIsUpAgain_GoesByWhatTheDiagnosisNames(string cause, bool expected) =>
        IsAboutWhatIsOver(cause, [One, Two], [Over(One), Two]).ShouldBe(expected);

    [Fact]
    public void IsAboutWhatIsOver_NothingFires_IsNot() =>
        IsAboutWhatIsOver("Instance db-1.example:9104 down", [One, Two], [Over(One), Over(Two)]).ShouldBeFalse("a green message says what it was");

    [Fact]
    public void IsAboutWhatIsOver_AllFire_IsNot() => IsAboutWhatIsOver("Instance db-1.example:9104 down", [One, Two], [One, Two]).ShouldBeFalse();

    [Fact]
    public void IsAboutWhatIsOver_ItWasOverWhenTheEvidenceWasRead_IsNamedKnowingly() =>
        IsAboutWhatIsOver("Since db-1.example:9104 came back, db-2.example:9104 is overloaded", [Over(One), Two], [Over(One), Two]).ShouldBeFalse();

    [Fact]
    public void IsAboutWhatIsOver_ItWasOverThenAndHadNoRoom_IsNamedKnowingly() =>
        IsAboutWhatIsOver("Since db-1.example:9104 came back, db-2.example:9104 is overloaded", [Two], [Over(One), Two]).ShouldBeFalse();

    [Fact]
    public void IsAboutWhatIsOver_WhatIsSickItself_IsNotOver()
    {
        var named = Samples.Alert("05", labels: ("deployment", "db"));

        IsAboutWhatIsOver("Deployment shop/db cannot be scheduled", [named, Two], [Over(named), Two]).ShouldBeFalse();
    }

    [Fact]
    public void IsAboutWhatIsOver_ContextOfAnotherRevision_DoesNotTellWhatItKnew()
    {
        var analysis = Analysis("Instance db-1.example:9104 down");
        StandingAlerts.IsAboutWhatIsOver(analysis, Context([Over(One), Two]) with { Revision = 2 }, Sick, [Over(One), Two]).ShouldBeTrue();
    }

    [Fact]
    public void IsAboutWhatIsOver_MilderAlertOfTheSameThingResolved_GoesByItsText()
    {
        var mild = Samples.Alert("03", labels: ("persistentvolumeclaim", "data")) with { Annotations = Summary("The volume is 85 % full.") };
        var severe = Samples.Alert("04", labels: ("persistentvolumeclaim", "data")) with { Annotations = Summary("The volume is 97 % full.") };

        IsAboutWhatIsOver("PersistentVolumeFillingUp: The volume is 85 % full", [mild, severe], [Over(mild), severe]).ShouldBeTrue();
        IsAboutWhatIsOver("PersistentVolumeFillingUp: The volume is 97 % full", [mild, severe], [Over(mild), severe]).ShouldBeFalse();
    }

    [Fact]
    public void IsAboutWhatIsOver_FindingNamesIt_Is()
    {
        var analysis = Analysis("Hosts are down");
        analysis = analysis with { Diagnosis = analysis.Diagnosis with { Findings = [new Finding("rule", "db-1.example:9104 does not answer.", [])] } };

        StandingAlerts.IsAboutWhatIsOver(analysis, Context([One, Two]), Sick, [Over(One), Two]).ShouldBeTrue();
    }

    [Fact]
    public void Standing_SomeFire_AreThoseElseAll()
    {
        new[] { Over(One), Two }.Standing().ShouldBe([Two]);
        new[] { Over(One), Over(Two) }.Standing().Count.ShouldBe(2);
    }

    private static bool IsAboutWhatIsOver(string cause, Alert[] then, Alert[] now) => StandingAlerts.IsAboutWhatIsOver(Analysis(cause), Context(then), Sick, now);

    private static AnalysisCompleted Analysis(string cause)
    {
        var analysis = Samples.Analysis(Guid.Empty);
        return analysis with { Diagnosis = analysis.Diagnosis with { Cause = cause, Findings = [] } };
    }

    private static ContextEnriched Context(Alert[] alerts) => Samples.Context(Guid.Empty) with { Alerts = alerts };

    private static Alert Host(string fingerprint, string instance) =>
        Samples.Alert(fingerprint, name: "InstanceDown", labels: [("instance", instance), ("job", "mysql")]) with { Annotations = Summary($"Instance {instance} down") };

    private static Dictionary<string, string> Summary(string text) => new(StringComparer.Ordinal) { ["summary"] = text };

    private static Alert Over(Alert alert) => alert with { Status = AlertStatus.Resolved, EndsAt = Samples.Start };
}
