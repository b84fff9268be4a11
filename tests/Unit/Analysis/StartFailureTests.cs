using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>Containers that never get to run.</summary>
public sealed class StartFailureTests
{
    private const string Pod = "api-5d8f7c6b9-x2x4z";

    [Theory]
    [InlineData("configmap \"api-config\" not found", "ConfigMap api-config does not exist")]
    [InlineData("secret \"api-db\" not found", "Secret api-db does not exist")]
    [InlineData("couldn't find key DB_URL in Secret cardboard/api-db", "Secret api-db has no key DB_URL")]
    [InlineData("couldn't find key log.level in ConfigMap cardboard/api-config", "ConfigMap api-config has no key log.level")]
    public void Diagnose_ConfigErrors_NameWhatIsMissing(string message, string why)
    {
        var rules = RulesEngine.Diagnose(Given.Api("waiting", ("reason", "CreateContainerConfigError"), ("message", message)).Context());

        rules.Primary.Rule.ShouldBe(ConfigMissing.Name);
        rules.Diagnosis.Cause.ShouldBe($"api cannot start: {why}");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.High);
        rules.OfferedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_UnknownConfigError_QuotesItWithLessConfidence()
    {
        var rules = RulesEngine.Diagnose(Given.Api("waiting", ("reason", "CreateContainerConfigError"), ("message", "struck by lightning")).Context());

        rules.Diagnosis.Cause.ShouldBe("api cannot start: struck by lightning");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Medium);
    }

    [Fact]
    public void Diagnose_ConfigIsThereAgain_IsRecovered() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "true")).Event(Pod, "Failed", "Error: configmap \"api-config\" not found").Context())
            .IsHealthy.ShouldBeTrue();

    [Theory]
    [InlineData("CreateContainerError", "failed to create: exec: \"serve\": executable file not found in $PATH: unknown", "the command serve is not in the image")]
    [InlineData("RunContainerError", "exec: \"/app/run.sh\": permission denied", "it lacks a permission")]
    public void Diagnose_RuntimeRefuses_SaysWhy(string reason, string message, string why) =>
        RulesEngine.Diagnose(Given.Api("waiting", ("reason", reason), ("message", message)).Context())
            .Diagnosis.Cause.ShouldBe($"api cannot be created: {why}");

    [Fact]
    public void Diagnose_ExecFormatError_NamesTheArchitectureAndPinsToTheOnlyOther()
    {
        var rules = RulesEngine.Diagnose(WrongArchitecture().Node("pi-1", ("ready", "true"), ("architecture", "arm64")).Node("m920q-1", ("ready", "true"), ("architecture", "amd64")).Context());

        rules.Diagnosis.Cause.ShouldBe("api cannot run: example/api:2 is not built for arm64 of node pi-1");
        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.PinArchitecture);
        rules.SuggestedActions[0].Parameters["architecture"].ShouldBe("amd64");
        rules.Diagnosis.Findings.ShouldHaveSingleItem().Rule.ShouldBe("wrong-architecture");
    }

    [Fact]
    public void Diagnose_ExecFormatErrorOnTheOnlyKnownNode_PinsNothing() =>
        RulesEngine.Diagnose(WrongArchitecture().Node("pi-1", ("ready", "true"), ("architecture", "arm64")).Context())
            .SuggestedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));

    [Theory]
    [InlineData("OOMKilled", "137")]
    [InlineData("Error", "139")]
    public void Diagnose_LogMerelySpeaksOfExecFormat_FactsDecide(string reason, string exitCode) =>
        RulesEngine.Diagnose(Given.Api("waiting", ("reason", "CrashLoopBackOff"), ("lastState.reason", reason), ("lastState.exitCode", exitCode)).Said("exec format error").Context())
            .Primary.Rule.ShouldNotBe("wrong-architecture");

    [Fact]
    public void Diagnose_PulledForAnotherPlatform_PinsToTheOnlyOther() =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubePodNotReady").Pod("api-1-a", ("node", "pi-1"))
                .Container("api-1-a", "api", "waiting", ("reason", "ErrImagePull"), ("image", "example/api:2"), ("message", "no match for platform in manifest: not found"))
                .Node("pi-1", ("ready", "true"), ("architecture", "arm64")).Node("m920q-1", ("ready", "true"), ("architecture", "amd64")).Context())
            .SuggestedActions[0].Kind.ShouldBe(ActionKinds.PinArchitecture);

    [Fact]
    public void Diagnose_ReadinessProbeFails_QuotesProbeAndLog()
    {
        var rules = RulesEngine.Diagnose(Given.Api("running", ("ready", "false"), ("probes.readiness", "http-get :8080/ready"))
            .Event(Pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
            .Log(Pod, "api", "ERROR dial tcp: connect postgres.db:5432: connection refused")
            .Service("postgres", "db", ("endpoints.ready", "0"), ("endpoints.notReady", "1")).Context());

        rules.Diagnosis.Cause.ShouldBe("api runs but is not ready: its readiness probe fails; Service postgres has no ready endpoint");
        rules.Diagnosis.Explanation.ShouldContain("(http-get :8080/ready)");
        rules.Diagnosis.Explanation.ShouldContain("Service db/postgres has no ready endpoint: 1 pod behind it is not ready.");
        rules.Diagnosis.Findings[0].EvidenceIds.ShouldBe(["e3", "e4", "e5", "e6"]);
        rules.SuggestedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_StartupProbeFails_SaysSo() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "false"), ("started", "false"), ("probes.startup", "tcp-socket :8080"))
                .Event(Pod, "Unhealthy", "Startup probe failed: dial tcp 10.42.0.9:8080: connect: connection refused").Context())
            .Diagnosis.Cause.ShouldBe("api does not start up: its startup probe fails: dial tcp 10.42.0.9:8080: connect: connection refused");

    [Fact]
    public void Diagnose_StoppedAnsweringAfterHours_OffersARestart() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "false"), ("startedAt", "2026-11-21T08:00:00Z"))
                .Event(Pod, "Unhealthy", "Readiness probe failed: context deadline exceeded").Context())
            .SuggestedActions[0].Kind.ShouldBe(ActionKinds.RestartWorkload);

    [Fact]
    public void Diagnose_ProbeFailedLongAgo_IsNotTheCause() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "false"))
                .EventOf("Pod", Pod, Given.Now.AddHours(-5), "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500").Context())
            .Diagnosis.Findings.ShouldNotContain(finding => finding.Rule == ProbeFailing.Name);

    [Fact]
    public void Diagnose_ProbeFailedOnceAndReady_IsRecovered() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "true")).Event(Pod, "Unhealthy", "Readiness probe failed: timeout").Context()).IsHealthy.ShouldBeTrue();

    [Theory]
    [InlineData("The node was low on resource: ephemeral-storage. Threshold quantity: 4Gi, available: 1Gi.", "the node was low on ephemeral-storage")]
    [InlineData("The node was low on resource: memory. Container api was using 2Gi, request is 100Mi.", "the node was low on memory")]
    [InlineData("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ", "it used more ephemeral storage than its limit of 1Gi")]
    [InlineData("The node had condition: [DiskPressure]. ", "the node had DiskPressure")]
    public void Diagnose_Evicted_SaysOfWhat(string message, string why) =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubePodNotReady").Pod("api-1-a", ("phase", "Failed"), ("reason", "Evicted"), ("message", message), ("node", "n1")).Context())
            .Diagnosis.Cause.ShouldBe($"Pod api-1-a was evicted on node n1: {why}");

    [Fact]
    public void Diagnose_EvictedAndReplaced_IsRecovered() =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubePodNotReady")
                .Pod("api-1-a", ("phase", "Failed"), ("reason", "Evicted"), ("message", "The node was low on resource: memory."))
                .Pod("api-1-b").Container("api-1-b", "api", "running", ("ready", "true"))
                .Owner("Deployment", "api", ("desired", "1"), ("readyReplicas", "1")).Context())
            .IsHealthy.ShouldBeTrue();

    private static Given WrongArchitecture() =>
        Given.A("Deployment", "api").Alert("KubePodCrashLooping").Pod("api-1-a", ("node", "pi-1"))
            .Container("api-1-a", "api", "waiting", ("reason", "CrashLoopBackOff"), ("image", "example/api:2"), ("lastState.reason", "Error"), ("lastState.exitCode", "255"))
            .PreviousLog("api-1-a", "api", "exec /app/server: exec format error");
}
