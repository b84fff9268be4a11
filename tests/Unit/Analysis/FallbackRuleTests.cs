using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class FallbackRuleTests
{
    [Fact]
    public void Diagnose_ReadyForDays_NothingIsWrong()
    {
        var rules = RulesEngine.Diagnose(Given.Api(
            "running", ("ready", "true"), ("restartCount", "3"), ("lastState.reason", "OOMKilled"), ("lastState.exitCode", "137"),
            ("lastState.finishedAt", "2026-11-19T03:00:00Z"), ("limits.memory", "256Mi")).Context());

        rules.IsHealthy.ShouldBeTrue();
        rules.Diagnosis.Cause.ShouldBe("Deployment api is healthy: nothing is wrong any more");
        rules.Diagnosis.Explanation.ShouldBe(
            "All containers of pod api-5d8f7c6b9-x2x4z are ready. api last ended on 2026-11-19 at 03:00 UTC (OOMKilled, exit 137) and has run since. It has restarted 3 times in all. The alert should resolve by itself.");
        rules.Diagnosis.Severity.ShouldBe(Severity.Info);
        rules.OfferedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_ReadyButReplicasMissing_IsNotRecovered() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "true")).Owner("Deployment", "api", ("desired", "3"), ("readyReplicas", "1")).Context())
            .IsHealthy.ShouldBeFalse();

    [Fact]
    public void Diagnose_LatencyAlertOnReadyPods_IsNotRefuted()
    {
        var rules = RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("ApiLatencyHigh", "p99 is 4 s")
            .Pod("api-1-a").Container("api-1-a", "api", "running", ("ready", "true")).Context());

        rules.Diagnosis.Severity.ShouldBe(Severity.Warning);
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Low);
        rules.Diagnosis.Cause.ShouldBe("ApiLatencyHigh for Deployment api: its pod is ready, so the cause lies elsewhere");
        rules.Diagnosis.Explanation.ShouldStartWith("p99 is 4 s.");
    }

    [Fact]
    public void Diagnose_SeveralHostsOfOneAlert_TellsTheWorstAndCountsTheOthers()
    {
        var rules = RulesEngine.Diagnose(Given.A(Subject.AlertKind, "InstanceDown")
            .Alert("InstanceDown", "Instance db-1 down", ("severity", "critical"))
            .Alert("InstanceDown", "Instance db-2 down", ("severity", "warning"))
            .Alert("InstanceDown", "Instance db-3 down", ("severity", "warning")).Context());

        rules.Diagnosis.Cause.ShouldBe("InstanceDown: Instance db-1 down, and 2 more");
        rules.Diagnosis.Severity.ShouldBe(Severity.Critical);
    }

    [Fact]
    public void Diagnose_OneOfTwoResolved_TellsTheOther()
    {
        var rules = RulesEngine.Diagnose(Given.A(Subject.AlertKind, "InstanceDown")
            .Alert("InstanceDown", "Instance db-1 down", ("severity", "warning"))
            .Alert("InstanceDown", AlertStatus.Resolved, "Instance db-2 down", ("severity", "critical")).Context());

        rules.Diagnosis.Cause.ShouldBe("InstanceDown: Instance db-1 down");
        rules.Diagnosis.Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public void Diagnose_JobRetriedAndSucceeded_IsRecovered()
    {
        var context = Given.A("CronJob", "backup").Alert("KubeJobFailed")
            .Pod("backup-28487520-aaaaa", ("phase", "Failed")).Container("backup-28487520-aaaaa", "backup", "terminated", ("reason", "OOMKilled"), ("exitCode", "137"))
            .Owner("Job", "backup-28487520", ("failed", "1"), ("active", "0"))
            .Owner("Job", "backup-28487530", ("succeeded", "1"), ("active", "0")).Context();

        var rules = RulesEngine.Diagnose(context);

        rules.Diagnosis.Cause.ShouldBe("CronJob backup is healthy: nothing is wrong any more");
        rules.Diagnosis.Explanation.ShouldStartWith("Job backup-28487520 failed, and the later Job backup-28487530 has succeeded.");
    }

    [Fact]
    public void Diagnose_JobFailedAndPodsGone_SaysWhatTheJobSays()
    {
        var context = Given.A("CronJob", "backup").Alert("KubeJobFailed")
            .Owner("Job", "backup-28487520", "0 active, 7 failed, 0 succeeded; Failed (BackoffLimitExceeded: Job has reached the specified backoff limit)", ("failed", "7"), ("active", "0"), ("succeeded", "0")).Context();

        RulesEngine.Diagnose(context).Diagnosis.Cause.ShouldBe("Job backup-28487520 failed: its retries are used up");
    }

    [Fact]
    public void Diagnose_PodGone_SaysWhatTheAlertSaysOnce()
    {
        var rules = RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubePodCrashLooping", "Pod cardboard/api-1-a (api) is crash looping.")
            .Unread("Pod cardboard/api-1-a", "not found").Context());

        rules.Diagnosis.Cause.ShouldBe("KubePodCrashLooping for Deployment api: Pod cardboard/api-1-a (api) is crash looping");
        rules.Diagnosis.Explanation.ShouldBe("Nothing else was found.");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Low);
        rules.Diagnosis.Findings.ShouldHaveSingleItem().EvidenceIds.ShouldBe(["e1"]);
    }

    [Fact]
    public void Diagnose_SummaryAndDescription_ShortInTheCauseLongInTheExplanation()
    {
        var context = Given.A("Deployment", "api").Alert("KubePodCrashLooping", "Pod cardboard/api-1-a (api) is in waiting state.").Context();
        var alert = context.Alerts[0] with
        {
            Annotations = new Dictionary<string, string> { ["summary"] = "Pod is crash looping.", ["description"] = "Pod cardboard/api-1-a (api) is in waiting state." },
        };

        var rules = RulesEngine.Diagnose(context with { Alerts = [alert] });

        rules.Diagnosis.Cause.ShouldBe("KubePodCrashLooping for Deployment api: Pod is crash looping");
        rules.Diagnosis.Explanation.ShouldBe("Pod cardboard/api-1-a (api) is in waiting state.");
    }

    [Fact]
    public void Diagnose_ResolvedAndNothingSeen_IsInfo() =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubePodCrashLooping", AlertStatus.Resolved).Context())
            .Diagnosis.Cause.ShouldBe("KubePodCrashLooping for Deployment api resolved by itself; its cause was not seen");

    [Fact]
    public void Diagnose_NothingAtAll_StillAnswers()
    {
        var rules = RulesEngine.Diagnose(new ContextEnriched(Guid.Empty, 1, new Subject("Alert", null, "x"), [], [], [], Given.Now));

        rules.Diagnosis.Cause.ShouldNotBeEmpty();
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Low);
    }

    [Fact]
    public void Diagnose_HostileAlert_StaysOneBoundedLine()
    {
        var rules = RulesEngine.Diagnose(Given.A("Alert", "Überwachung \"☃\" <!channel>\n", null)
            .Alert("Überwachung \"☃\" <!channel>", "a\nb\u0000" + new string('z', 9000)).Context());

        rules.Diagnosis.Cause.Length.ShouldBeLessThanOrEqualTo(120);
        rules.Diagnosis.Cause.ShouldNotContain('\n');
        rules.Commands.ShouldBeEmpty();
    }

    [Fact]
    public void Diagnose_RunningNotReady_QuotesTheProbe() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "false"))
                .Event("api-5d8f7c6b9-x2x4z", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500").Context())
            .Diagnosis.Cause.ShouldBe("api runs but is not ready: its readiness probe fails: HTTP probe failed with statuscode: 500");
}
