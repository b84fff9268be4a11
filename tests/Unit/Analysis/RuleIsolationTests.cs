using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>A rule that throws costs what it would have said, and no more.</summary>
public sealed class RuleIsolationTests
{
    public static TheoryData<string> RuleNames => [.. RulesEngine.Rules.Select(rule => rule.Name)];

    [Fact]
    public void Rules_Names_AreUnique() => RulesEngine.Rules.Select(rule => rule.Name).ShouldBeUnique();

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Diagnose_OneRuleThrows_TheOthersAnswerAndItIsNamed(string name)
    {
        var whole = RulesEngine.Diagnose(Given.PriceScraper());

        var rules = RulesEngine.Diagnose(Given.PriceScraper(), WithDefect(name));

        rules.Failures.ShouldHaveSingleItem().Name.ShouldBe(name);
        rules.Failures[0].Error.ShouldBeOfType<FormatException>();
        rules.Diagnosis.Cause.ShouldNotBeEmpty();
        if (whole.Primary.Rule != name)
            rules.Diagnosis.Cause.ShouldBe(whole.Diagnosis.Cause);
    }

    [Fact]
    public void Diagnose_EveryRuleThrows_SaysWhatTheAlertSays()
    {
        var rules = RulesEngine.Diagnose(Given.PriceScraper(), WithDefect([.. RulesEngine.Rules.Select(rule => rule.Name)]));

        rules.Failures.Select(failure => failure.Name).ShouldBe(RulesEngine.Rules.Select(rule => rule.Name));
        (rules.Primary.Rule, rules.Diagnosis.Confidence).ShouldBe((Unknown.Name, Confidence.Low));
        rules.Diagnosis.Cause.ShouldContain("KubePodCrashLooping");
    }

    [Fact]
    public void Diagnose_ARuleThrowsAndNoOtherFindsAnything_DoesNotSayThatAllIsWell()
    {
        var healthy = Given.Api("running", ("ready", "true")).Context();
        RulesEngine.Diagnose(healthy).IsHealthy.ShouldBeTrue();

        RulesEngine.Diagnose(healthy, WithDefect(OomKilled.Name)).IsHealthy.ShouldBeFalse();
    }

    [Fact]
    public void Diagnose_EvidenceThatCannotBeUsed_SaysWhatTheAlertSays()
    {
        var context = Given.PriceScraper();
        var rules = RulesEngine.Diagnose(context with { Evidence = [.. context.Evidence, null!] });

        rules.Failures.ShouldNotBeEmpty();
        rules.Diagnosis.Cause.ShouldStartWith("KubePodCrashLooping: Pod cardboard/price-scraper-28487520-2n78x (scraper) is in waiting state");
        rules.Diagnosis.Severity.ShouldBe(Severity.Warning);
        rules.SuggestedActions.ShouldBeEmpty();
    }

    [Fact]
    public void Diagnose_EvidenceThatCannotBeUsed_NamesTheAlertThatIsUrgent()
    {
        var context = Given.Api("running").Alert("ShopDown", "The shop is down.").Alert("DiskFull", "The disk fills up.").Context();
        Alert[] alerts = [.. context.Alerts.Select(alert => alert.Name() == "ShopDown" ? alert with { Severity = Severity.Critical } : alert)];

        var diagnosis = RulesEngine.Diagnose(context with { Alerts = alerts, Evidence = [.. context.Evidence, null!] }).Diagnosis;

        (diagnosis.Cause, diagnosis.Severity).ShouldBe(("ShopDown for Deployment api: The shop is down", Severity.Critical));
    }

    private static Rule[] WithDefect(params string[] names) =>
        [.. RulesEngine.Rules.Select(rule => names.Contains(rule.Name) ? rule with { Check = _ => throw new FormatException("an odd line") } : rule)];
}
