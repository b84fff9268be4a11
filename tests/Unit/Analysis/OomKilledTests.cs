using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class OomKilledTests
{
    [Fact]
    public void Diagnose_PriceScraper_NamesContainerAndLimit()
    {
        var rules = RulesEngine.Diagnose(Given.PriceScraper());

        rules.Diagnosis.Cause.ShouldBe("scraper was OOMKilled: it needs more than its 256Mi memory limit");
        rules.Diagnosis.Explanation.ShouldBe(
            "The kernel killed scraper at its 256Mi memory limit (exit 137), 5 restarts, last at 08:10 UTC. Its log last showed heap=360Mi.");
        rules.Diagnosis.Severity.ShouldBe(Severity.Warning);
        rules.Diagnosis.Confidence.ShouldBe(Confidence.High);
        var finding = rules.Diagnosis.Findings.ShouldHaveSingleItem();
        finding.Rule.ShouldBe("oom-killed");
        finding.EvidenceIds.ShouldBe(["e3", "e4"]);
    }

    [Fact]
    public void Diagnose_PriceScraper_SuggestsMoreMemoryForTheCronJob()
    {
        var actions = RulesEngine.Diagnose(Given.PriceScraper()).SuggestedActions;

        actions.Select(action => action.Kind).ShouldBe([ActionKinds.IncreaseMemoryLimit, ActionKinds.ViewPreviousLogs]);
        actions[0].Target.ShouldBe(new ObjectReference("CronJob", "cardboard", "price-scraper", Uid: "uid-of-price-scraper"));
        actions[0].Parameters.ShouldBe(new Dictionary<string, string> { ["container"] = "scraper", ["currentLimit"] = "256Mi" });
        actions[1].Target.Name.ShouldBe("price-scraper-28487520-2n78x");
    }

    [Fact]
    public void Diagnose_PriceScraper_ShowsCommandsToLookFurther() =>
        RulesEngine.Diagnose(Given.PriceScraper()).Commands.ShouldBe(
        [
            "kubectl -n cardboard logs price-scraper-28487520-2n78x -c scraper --previous --tail=50",
            "kubectl -n cardboard describe cronjob price-scraper",
        ]);

    [Fact]
    public void Diagnose_SameEvidence_GivesTheSameAnswer()
    {
        var once = RulesEngine.Diagnose(Given.PriceScraper());
        var again = RulesEngine.Diagnose(Given.PriceScraper());

        again.Diagnosis.Findings.Select(finding => finding.Text).ShouldBe(once.Diagnosis.Findings.Select(finding => finding.Text));
        again.Diagnosis.Cause.ShouldBe(once.Diagnosis.Cause);
    }

    [Theory]
    [InlineData("terminated", "OOMKilled", "137", "", true)]
    [InlineData("terminated", "Error", "137", "", false)]
    [InlineData("running", "", "", "2026-11-22T07:40:00Z", true)]
    [InlineData("running", "", "", "2026-11-19T07:40:00Z", false)]
    [InlineData("running", "", "", "", false)]
    [InlineData("waiting", "ImagePullBackOff", "", "2026-11-22T08:11:00Z", false)]
    public void Applies_ByStateAndAge_TellsTheEndThatMatters(string state, string reason, string exitCode, string lastFinished, bool expected)
    {
        var context = Given.Api(
            state, ("reason", reason), ("exitCode", exitCode), ("ready", state == "running" ? "true" : "false"),
            ("lastState.reason", "OOMKilled"), ("lastState.exitCode", "137"), ("lastState.finishedAt", lastFinished)).Context();

        RulesEngine.Diagnose(context).Diagnosis.Findings.Any(finding => finding.Rule == OomKilled.Name).ShouldBe(expected);
    }

    [Fact]
    public void Diagnose_WithoutLimit_BlamesTheNodeAndOffersNoLimit()
    {
        var rules = RulesEngine.Diagnose(Given.Api("terminated", ("reason", "OOMKilled"), ("exitCode", "137")).Context());

        rules.Diagnosis.Cause.ShouldBe("api was OOMKilled: it has no memory limit, so its node ran out of memory");
        rules.SuggestedActions.ShouldNotContain(action => action.Kind == ActionKinds.IncreaseMemoryLimit);
    }

    [Fact]
    public void Diagnose_BarePod_OffersNoLimitChange()
    {
        var context = Given.A("Pod", "debug").Alert("KubePodCrashLooping").Pod("debug")
            .Container("debug", "sh", "terminated", ("reason", "OOMKilled"), ("exitCode", "137"), ("limits.memory", "64Mi")).Context();

        RulesEngine.Diagnose(context).SuggestedActions.Select(action => action.Kind).ShouldBe([ActionKinds.ViewPreviousLogs]);
    }

    [Fact]
    public void Diagnose_25Pods_IsOneFindingWithCounts()
    {
        var given = Given.A("Deployment", "worker").Alert("KubePodCrashLooping");
        for (var i = 10; i < 35; i++)
        {
            given.Pod($"worker-6c5d8-aaa{i}").Container(
                $"worker-6c5d8-aaa{i}", "worker", "waiting", ("reason", "CrashLoopBackOff"), ("ready", "false"),
                ("lastState.reason", "OOMKilled"), ("lastState.exitCode", "137"), ("restartCount", i.ToString()), ("limits.memory", "1Gi"));
        }

        var rules = RulesEngine.Diagnose(given.Context());

        rules.Diagnosis.Cause.ShouldBe("worker was OOMKilled in 25 of 25 pods: it needs more than its 1Gi memory limit");
        var finding = rules.Diagnosis.Findings.ShouldHaveSingleItem();
        finding.Text.ShouldStartWith("25 of 25 pods: worker OOMKilled");
        finding.EvidenceIds.Count.ShouldBe(5);
        rules.Diagnosis.Severity.ShouldBe(Severity.Critical);
        rules.SuggestedActions.Count.ShouldBe(2);
    }

    [Fact]
    public void Diagnose_25PodsAlerted3Read_ClaimsNoMoreThanWasRead()
    {
        var given = Given.A("Deployment", "worker");
        for (var i = 10; i < 35; i++)
            given.Alert("KubePodCrashLooping", null, ("pod", $"worker-6c5d8-aaa{i}"), ("container", "worker"));
        for (var i = 10; i < 13; i++)
            given.Pod($"worker-6c5d8-aaa{i}").Container($"worker-6c5d8-aaa{i}", "worker", "terminated", ("reason", "OOMKilled"), ("exitCode", "137"), ("limits.memory", "1Gi"));

        var rules = RulesEngine.Diagnose(given.Context());

        rules.Diagnosis.Cause.ShouldBe("worker was OOMKilled (25 pods alerted): it needs more than its 1Gi memory limit");
        rules.Diagnosis.Findings.ShouldHaveSingleItem().Text.ShouldStartWith("25 pods alerted, 3 of 3 read: worker OOMKilled");
    }

    [Fact]
    public void Diagnose_LongestContainerName_FitsTheCauseLine()
    {
        var name = new string('c', 63);
        var context = Given.A("Deployment", "api").Alert("KubePodCrashLooping").Pod("api-1-a").Pod("api-1-b")
            .Container("api-1-a", name, "terminated", ("reason", "OOMKilled"), ("exitCode", "137"), ("limits.memory", "1234567890"))
            .Container("api-1-b", name, "running", ("ready", "true")).Context();

        RulesEngine.Diagnose(context).Diagnosis.Cause.Length.ShouldBeLessThanOrEqualTo(120);
    }

    [Theory]
    [InlineData("INFO scraped heap=312Mi\nINFO scraped heap=360Mi", "heap=360Mi")]
    [InlineData("rss: 1.9 GiB after batch 4", "rss: 1.9 GiB")]
    [InlineData("memory usage 510MB", "memory usage 510MB")]
    [InlineData("cheap=12M of goods", null)]
    [InlineData("heap dump written", null)]
    public void LastMemoryFigure_OfALog_IsTheLastAsWritten(string log, string? expected) =>
        OomKilled.LastMemoryFigure(log).ShouldBe(expected);
}
