using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Analysis.Rules.Workloads;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>Rollouts, Jobs, quotas, autoscalers, budgets and certificates.</summary>
public sealed class WorkloadTests
{
    [Theory]
    [InlineData("pods \"api-1-\" is forbidden: exceeded quota: compute, requested: requests.memory=512Mi, used: requests.memory=3584Mi, limited: requests.memory=4Gi", "quota-exceeded", "quota compute is used up (requested requests.memory=512Mi, used requests.memory=3584Mi, limited requests.memory=4Gi)")]
    [InlineData("pods \"api-1-\" is forbidden: failed quota: compute: must specify limits.cpu", "quota-exceeded", "quota compute asks for limits.cpu, which the pod does not state")]
    [InlineData("pods \"api-1-\" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi", "limit-range", "a LimitRange forbids it: maximum memory usage per Container is 512Mi, but limit is 1Gi")]
    [InlineData("pods \"api-1-\" is forbidden: error looking up service account cardboard/api", "pods-not-created", "pods \"api-1-\" is forbidden: error looking up service account cardboard/api")]
    public void Diagnose_PodsRefused_SaysByWhat(string message, string rule, string why)
    {
        var rules = RulesEngine.Diagnose(Quota("Error creating: " + message, ready: "0"));

        rules.Primary.Rule.ShouldBe(rule);
        rules.Diagnosis.Findings[0].Text.ShouldBe($"ReplicaSet api-1 cannot create pods: {why}.");
        rules.OfferedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_QuotaWasRaised_IgnoresTheOldEvent() =>
        RulesEngine.Diagnose(Quota("exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4", ready: "2"))
            .Diagnosis.Findings.ShouldNotContain(finding => finding.Rule == PodsNotCreated.QuotaName);

    [Fact]
    public void Diagnose_RolloutPastItsDeadline_NamesTheReasonUnderneath()
    {
        var rules = RulesEngine.Diagnose(Rollout().Pod("api-2-a").Container("api-2-a", "api", "waiting", ("reason", "ErrImagePull"), ("image", "a:2"), ("message", "manifest unknown")).Context());

        rules.Diagnosis.Findings.Select(finding => finding.Rule).ShouldBe([ImagePull.Name, StuckRollout.Name]);
    }

    [Fact]
    public void Diagnose_RolloutPastItsDeadlineAndNothingElse_SaysSo() =>
        RulesEngine.Diagnose(Rollout().Context()).Diagnosis.Cause.ShouldBe("Deployment api: its rollout is stuck past its progress deadline: 1 of 3 updated, 2 ready");

    [Fact]
    public void Diagnose_RolloutDone_IsNotStuck() =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubeDeploymentRolloutStuck").Pod("api-2-a").Container("api-2-a", "api", "running", ("ready", "true"))
                .Owner("Deployment", "api", ("desired", "1"), ("readyReplicas", "1"), ("updatedReplicas", "1"), ("progressing", "True")).Context())
            .IsHealthy.ShouldBeTrue();

    [Fact]
    public void Diagnose_PausedInTheMiddle_SaysSo() =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubeDeploymentRolloutStuck")
                .Owner("Deployment", "api", ("desired", "3"), ("readyReplicas", "3"), ("updatedReplicas", "1"), ("paused", "true")).Context())
            .Diagnosis.Cause.ShouldBe("Deployment api is paused in the middle of a rollout: 1 of 3 updated, 3 ready");

    [Fact]
    public void Diagnose_StatefulSetBehindABrokenPod_NamesThePod() =>
        RulesEngine.Diagnose(Given.A("StatefulSet", "db").Alert("KubeStatefulSetReplicasMismatch")
                .Owner("StatefulSet", "db", ("desired", "3"), ("readyReplicas", "1"))
                .Pod("db-1").Container("db-1", "db", "waiting", ("reason", "CrashLoopBackOff"), ("lastState.exitCode", "1")).Context())
            .Diagnosis.Findings.ShouldContain(finding => finding.Rule == StuckRollout.Name && finding.Text == "StatefulSet db is stuck behind pod db-1: 1 of 3 ready.");

    [Theory]
    [InlineData("BackoffLimitExceeded", "its retries are used up (backoffLimit 6)")]
    [InlineData("DeadlineExceeded", "it ran longer than its deadline of 600 s")]
    public void Diagnose_JobFailedWithoutPods_OffersAnotherRun(string reason, string why)
    {
        var rules = RulesEngine.Diagnose(Given.A("Job", "import").Alert("KubeJobFailed")
            .Owner("Job", "import", ("failed", "7"), ("failedReason", reason), ("backoffLimit", "6"), ("activeDeadlineSeconds", "600")).Context());

        rules.Diagnosis.Cause.ShouldBe($"Job import failed: {why}");
        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.RerunJob);
        rules.SuggestedActions[0].Target.Uid.ShouldBe("uid-of-import");
    }

    [Fact]
    public void Diagnose_JobFailedForItsImage_OffersNoOtherRun() =>
        RulesEngine.Diagnose(Given.A("Job", "import").Alert("KubeJobFailed").Owner("Job", "import", ("failed", "1"), ("failedReason", "DeadlineExceeded"))
                .Pod("import-abcde").Container("import-abcde", "import", "waiting", ("reason", "ImagePullBackOff"), ("image", "a:1"), ("message", "not found")).Context())
            .SuggestedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));

    [Fact]
    public void Diagnose_CronJobSuspended_SaysSo() =>
        RulesEngine.Diagnose(Given.A("CronJob", "backup").Alert("KubeCronJobNotScheduled").Owner("CronJob", "backup", ("schedule", "0 3 * * *"), ("suspended", "true")).Context())
            .Diagnosis.Cause.ShouldBe("CronJob backup (0 3 * * *) is suspended: it starts no runs");

    [Fact]
    public void Diagnose_RunHoldsUpTheNext_OffersToDeleteIt()
    {
        var rules = RulesEngine.Diagnose(Given.A("CronJob", "backup").Alert("KubeCronJobRunning")
            .Owner("CronJob", "backup", ("schedule", "*/5 * * * *"), ("concurrencyPolicy", "Forbid"), ("active", "1")).Owner("Job", "backup-28487520", ("active", "1"))
            .Pod("backup-28487520-aaaaa").Container("backup-28487520-aaaaa", "backup", "running", ("ready", "true")).Context());

        rules.Diagnosis.Cause.ShouldBe("CronJob backup (*/5 * * * *) starts no new run: Job backup-28487520 still runs, and its policy is Forbid");
        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.DeleteJob);
    }

    [Fact]
    public void Diagnose_RunsOnTimeWithoutComplaint_IsNotHeldUp() =>
        RulesEngine.Diagnose(Given.A("CronJob", "backup").Alert("KubePodNotReady")
                .Owner("CronJob", "backup", ("concurrencyPolicy", "Forbid"), ("active", "1")).Owner("Job", "backup-28487520", ("active", "1"))
                .Pod("backup-28487520-aaaaa").Container("backup-28487520-aaaaa", "backup", "running", ("ready", "true")).Context())
            .IsHealthy.ShouldBeTrue();

    [Fact]
    public void Diagnose_ThreeRunsFailed_OffersToSuspend() =>
        RulesEngine.Diagnose(Given.A("CronJob", "backup").Alert("KubeJobFailed").Owner("CronJob", "backup")
                .Owner("Job", "backup-1", ("failed", "1")).Owner("Job", "backup-2", ("failed", "1")).Owner("Job", "backup-3", ("failed", "1")).Context())
            .SuggestedActions[0].Kind.ShouldBe(ActionKinds.SuspendCronJob);

    [Theory]
    [InlineData("true", "10", "Autoscaler api of Deployment api is at its maximum of 10 replicas")]
    [InlineData("false", "2", "Autoscaler api of Deployment api cannot read its metrics: unable to fetch metrics")]
    public void Diagnose_Autoscaler_SaysWhatStopsIt(string active, string current, string cause) =>
        RulesEngine.Diagnose(Autoscaler(active, current)).Diagnosis.Cause.ShouldBe(cause);

    [Fact]
    public void Diagnose_AutoscalerHasRoom_IsNotBlamed() =>
        RulesEngine.Diagnose(Autoscaler("true", "4")).Primary.Rule.ShouldBe(Unknown.Name);

    [Theory]
    [InlineData("1", "2", "PodDisruptionBudget db has 1 of 2 healthy pods that it asks for")]
    [InlineData("2", "2", "PodDisruptionBudget db allows no eviction: it asks for 2 healthy pods and has 2")]
    public void Diagnose_Budget_CountsThePods(string current, string desired, string cause) =>
        RulesEngine.Diagnose(Given.A("StatefulSet", "db").Alert("KubePdbNotEnoughHealthyPods")
                .Seen(EvidenceKind.DisruptionBudget, "PodDisruptionBudget", "db", ("currentHealthy", current), ("desiredHealthy", desired), ("disruptionsAllowed", "0")).Context())
            .Diagnosis.Cause.ShouldBe(cause);

    [Theory]
    [InlineData("true", "2026-11-20T00:00:00Z", "Certificate web expired on 2026-11-20 at 00:00 UTC")]
    [InlineData("true", "2026-11-24T00:00:00Z", "Certificate web expires on 2026-11-24 at 00:00 UTC and was not renewed")]
    [InlineData("false", "2027-01-20T00:00:00Z", "Certificate web is not ready: Issuing certificate as Secret does not exist")]
    public void Diagnose_Certificate_SaysWhatIsWrong(string ready, string notAfter, string cause) =>
        RulesEngine.Diagnose(Certificate(ready, notAfter)).Diagnosis.Cause.ShouldBe(cause);

    [Fact]
    public void Diagnose_CertificateRenewed_IsRecovered() => RulesEngine.Diagnose(Certificate("true", "2027-01-20T00:00:00Z")).IsHealthy.ShouldBeTrue();

    [Fact]
    public void Diagnose_Throttled_OffersMoreCpu()
    {
        var rules = RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("CPUThrottlingHigh", "42% throttling", ("container", "api")).Pod("api-1-a")
            .Container("api-1-a", "api", "running", ("ready", "true"), ("limits.cpu", "200m")).Usage("api-1-a", "api", ("usage.cpu", "198m")).Context());

        rules.Diagnosis.Cause.ShouldBe("api is throttled at its CPU limit of 200m; it uses 198m now");
        rules.SuggestedActions[0].Kind.ShouldBe(ActionKinds.IncreaseCpuLimit);
        rules.SuggestedActions[0].Parameters["currentLimit"].ShouldBe("200m");
    }

    [Theory]
    [InlineData("ContainerMemoryHigh", "490Mi", ResourceUse.MemoryName)]
    [InlineData("ContainerMemoryHigh", "200Mi", Unknown.Name)]
    [InlineData("ApiLatencyHigh", "490Mi", Unknown.Name)]
    public void Diagnose_MemoryUse_IsTheCauseNearTheLimitOnly(string alert, string used, string rule) =>
        RulesEngine.Diagnose(Given.A("Deployment", "api").Alert(alert).Pod("api-1-a")
                .Container("api-1-a", "api", "running", ("ready", "true"), ("limits.memory", "512Mi")).Usage("api-1-a", "api", ("usage.memory", used)).Context())
            .Primary.Rule.ShouldBe(rule);

    [Theory]
    [InlineData("512Mi", "0.5Gi", 100)]
    [InlineData("250m", "1", 25)]
    [InlineData("1000000Ki", "1Gi", 95)]
    [InlineData("1", "0", null)]
    [InlineData("many", "1Gi", null)]
    [InlineData("1", "99999999999999999999", null)]
    public void Percent_OfQuantities_IsWhole(string used, string limit, int? expected) => Quantity.Percent(used, limit).ShouldBe(expected);

    private static ContextEnriched Quota(string message, string ready) => Given.A("Deployment", "api").Alert("KubeDeploymentReplicasMismatch")
        .Owner("Deployment", "api", ("desired", "2"), ("readyReplicas", ready)).Owner("ReplicaSet", "api-1", ("desired", "2"), ("readyReplicas", ready))
        .EventOf("ReplicaSet", "api-1", Given.Now.AddMinutes(-1), "FailedCreate", message).Context();

    private static Given Rollout() => Given.A("Deployment", "api").Alert("KubeDeploymentRolloutStuck")
        .Owner("Deployment", "api", ("desired", "3"), ("readyReplicas", "2"), ("updatedReplicas", "1"), ("availableReplicas", "2"), ("progressing", "False"), ("reason", "ProgressDeadlineExceeded"));

    private static ContextEnriched Autoscaler(string active, string current) => Given.A("HorizontalPodAutoscaler", "api").Alert("KubeHpaMaxedOut")
        .Seen(EvidenceKind.Autoscaler, "HorizontalPodAutoscaler", "api", ("minReplicas", "2"), ("maxReplicas", "10"), ("currentReplicas", current), ("desired", current), ("scaleTarget", "Deployment api"), ("scalingActive", active), ("ableToScale", "true"), ("message", active == "true" ? "ok" : "unable to fetch metrics")).Context();

    private static ContextEnriched Certificate(string ready, string notAfter) => Given.A("Certificate", "web").Alert("CertManagerCertNotReady")
        .Seen(EvidenceKind.Resource, "Certificate", "web", ("ready", ready), ("notAfter", notAfter), ("message", "Issuing certificate as Secret does not exist")).Context();
}
