using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class CrashLoopTests
{
    private static Given Looping(string exitCode, params (string, string)[] facts) => Given.Api(
        "waiting",
        [("reason", "CrashLoopBackOff"), ("ready", "false"), ("restartCount", "7"), ("lastState.reason", "Error"), ("lastState.exitCode", exitCode), ("lastState.finishedAt", "2026-11-22T08:11:00Z"), .. facts]);

    [Fact]
    public void Diagnose_WithAnErrorInTheLog_QuotesIt()
    {
        var rules = RulesEngine.Diagnose(Looping("1").Said("INFO up", "ERROR dial tcp 10.43.0.12:5432: connect: connection refused").Context());

        rules.Diagnosis.Cause.ShouldBe("api keeps crashing (exit 1): 10.43.0.12:5432 refuses connections");
        rules.Diagnosis.Explanation.ShouldBe(
            "api keeps crashing (exit 1, 7 restarts, last at 08:11 UTC). Its log says: \"ERROR dial tcp 10.43.0.12:5432: connect: connection refused\".");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.High);
        rules.Diagnosis.Severity.ShouldBe(Severity.Critical);
        rules.Diagnosis.Findings.ShouldHaveSingleItem().EvidenceIds.ShouldBe(["e3", "e4"]);
        rules.SuggestedActions.Select(action => action.Kind).ShouldBe([ActionKinds.ViewPreviousLogs]);
    }

    [Theory]
    [InlineData("1", "api keeps crashing (exit 1): the application gave up with an error")]
    [InlineData("2", "api keeps crashing (exit 2): wrong use of a command, or a Go panic")]
    [InlineData("126", "api keeps crashing (exit 126): the command cannot be executed: no permission, or built for another architecture")]
    [InlineData("127", "api keeps crashing (exit 127): the command was not found in the image")]
    [InlineData("134", "api keeps crashing (exit 134): the process aborted itself (SIGABRT)")]
    [InlineData("137", "api keeps crashing (exit 137): the process was killed from outside (SIGKILL)")]
    [InlineData("139", "api keeps crashing (exit 139): the process crashed on a memory access (SIGSEGV)")]
    [InlineData("143", "api keeps crashing (exit 143): the process was asked to stop (SIGTERM)")]
    [InlineData("0", "api keeps ending without an error, so it is restarted (exit 0)")]
    [InlineData("42", "api keeps crashing (exit 42)")]
    public void Diagnose_WithoutALog_ExplainsTheExitCode(string exitCode, string cause)
    {
        var rules = RulesEngine.Diagnose(Looping(exitCode).Context());

        rules.Diagnosis.Cause.ShouldBe(cause);
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Medium);
        rules.Diagnosis.Explanation.ShouldEndWith(" It left no log.");
    }

    [Fact]
    public void Diagnose_LineMerelyWordedLikeAnError_IsQuotedWithLessConfidence()
    {
        var rules = RulesEngine.Diagnose(Looping("1").Said("GET /favicon.ico 404 not found").Context());

        rules.Diagnosis.Explanation.ShouldContain("GET /favicon.ico 404 not found");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Medium);
    }

    [Fact]
    public void Diagnose_LogForbidden_SaysThatItCouldNotBeRead() =>
        RulesEngine.Diagnose(Looping("1").Unread("previous log of Pod cardboard/api-5d8f7c6b9-x2x4z (api)", "forbidden").Context())
            .Diagnosis.Explanation.ShouldEndWith("Its log could not be read (forbidden).");

    [Fact]
    public void Diagnose_KilledByLivenessProbe_SaysSo()
    {
        var rules = RulesEngine.Diagnose(Looping("137")
            .Event("api-5d8f7c6b9-x2x4z", "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 503").Context());

        rules.Diagnosis.Cause.ShouldBe("api keeps crashing (exit 137): it fails its liveness probe");
        rules.Diagnosis.Findings[0].EvidenceIds.ShouldBe(["e3", "e4"]);
    }

    [Fact]
    public void Diagnose_InitContainer_IsNamedAsSuch()
    {
        var context = Given.A("Deployment", "api").Alert("KubePodNotReady").Pod("api-1-a", ("phase", "Pending"))
            .Container("api-1-a", "migrate", "waiting", ("init", "true"), ("reason", "CrashLoopBackOff"), ("restartCount", "4"), ("lastState.exitCode", "1"))
            .Container("api-1-a", "api", "waiting", ("reason", "PodInitializing")).Context();

        RulesEngine.Diagnose(context).Diagnosis.Cause.ShouldStartWith("init container migrate keeps crashing (exit 1)");
    }

    [Fact]
    public void Diagnose_OomAndOtherCrashOnOneContainer_IsOomOnly()
    {
        var context = Looping("137", ("lastState.reason", "OOMKilled"), ("limits.memory", "256Mi")).Said("ERROR out of luck").Context();

        RulesEngine.Diagnose(context).Diagnosis.Findings.Select(finding => finding.Rule).ShouldBe([OomKilled.Name]);
    }

    [Fact]
    public void Diagnose_TwoContainersSick_PutsTheAlertedFirst()
    {
        var context = Given.A("Deployment", "api").Alert("KubePodCrashLooping", null, ("container", "api")).Pod("api-1-a")
            .Container("api-1-a", "sidecar", "terminated", ("reason", "OOMKilled"), ("exitCode", "137"), ("limits.memory", "64Mi"))
            .Container("api-1-a", "api", "waiting", ("reason", "CrashLoopBackOff"), ("lastState.exitCode", "1"), ("restartCount", "3")).Context();

        RulesEngine.Diagnose(context).Diagnosis.Findings.Select(finding => finding.Rule).ShouldBe([CrashLoop.Name, OomKilled.Name]);
    }

    [Fact]
    public void Diagnose_SiblingsOldRestart_IsNoise()
    {
        var context = Looping("1")
            .Container("api-5d8f7c6b9-x2x4z", "proxy", "running", ("ready", "true"), ("restartCount", "2"),
                ("lastState.reason", "OOMKilled"), ("lastState.exitCode", "137"), ("lastState.finishedAt", "2026-11-18T01:00:00Z"), ("limits.memory", "64Mi"))
            .Context();

        RulesEngine.Diagnose(context).Diagnosis.Findings.ShouldHaveSingleItem().Text.ShouldNotContain("proxy");
    }

    [Fact]
    public void Diagnose_NewReplicaSetCrashesOldOneServes_OffersTheRollBack()
    {
        var context = Given.A("Deployment", "api").Alert("KubePodCrashLooping")
            .Owner("Deployment", "api", ("desired", "1"))
            .Pod("api-new-a").Container("api-new-a", "api", "waiting", ("reason", "CrashLoopBackOff"), ("lastState.exitCode", "1"))
            .Pod("api-old-b").Container("api-old-b", "api", "running", ("ready", "true")).Context();

        var rules = RulesEngine.Diagnose(context);

        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.RollBackWorkload);
        rules.SuggestedActions[0].Target.Uid.ShouldBe("uid-of-api");
        rules.Diagnosis.Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public void Diagnose_OnlyTheAlertedPodWasRead_SeesTheRollOutInTheReplicaSets()
    {
        var context = Given.A("Deployment", "api").Alert("KubePodCrashLooping")
            .Pod("api-new-a").Container("api-new-a", "api", "waiting", ("reason", "CrashLoopBackOff"), ("lastState.exitCode", "1"))
            .Owner("Deployment", "api", ("desired", "3"), ("readyReplicas", "3"))
            .Owner("ReplicaSet", "api-new", ("desired", "1"), ("readyReplicas", "0")).Context();

        var rules = RulesEngine.Diagnose(context);

        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.RollBackWorkload);
        rules.Diagnosis.Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public void Diagnose_OnePodOfAReplicaSetCrashes_OffersNoRollBack()
    {
        var context = Given.A("Deployment", "api").Alert("KubePodCrashLooping")
            .Pod("api-new-a").Container("api-new-a", "api", "waiting", ("reason", "CrashLoopBackOff"), ("lastState.exitCode", "1"))
            .Pod("api-new-b").Container("api-new-b", "api", "running", ("ready", "true")).Context();

        RulesEngine.Diagnose(context).SuggestedActions.ShouldNotContain(action => action.Kind == ActionKinds.RollBackWorkload);
    }
}
