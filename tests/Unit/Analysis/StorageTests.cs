using AlertResponder.Analysis;
using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Analysis.Rules.Storage;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class StorageTests
{
    private const EvidenceKind Volume = EvidenceKind.Volume;

    private static Given Waiting() => Given.A("StatefulSet", "db").Alert("KubePodNotReady", null, ("pod", "db-0"))
        .Pod("db-0", ("phase", "Pending"), ("scheduled", "false"), ("claims", "data-db-0"), ("message", "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."));

    [Fact]
    public void Diagnose_StorageClassMissing_IsToldAsAChain()
    {
        var rules = RulesEngine.Diagnose(Waiting()
            .Seen(Volume, "PersistentVolumeClaim", "data-db-0", ("phase", "Pending"), ("storageClass", "fast"))
            .Seen(Volume, "StorageClass", "fast", ("exists", "false")).Context());

        rules.Diagnosis.Cause.ShouldBe("PersistentVolumeClaim data-db-0 is Pending: StorageClass fast does not exist, so pod db-0 waits");
        rules.Diagnosis.Findings.Select(finding => finding.Rule).ShouldBe([VolumeTrouble.PendingName, Unschedulable.Name]);
        rules.SuggestedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_ProvisioningFails_QuotesIt() =>
        RulesEngine.Diagnose(Waiting()
                .Seen(Volume, "PersistentVolumeClaim", "data-db-0", ("phase", "Pending"), ("storageClass", "longhorn"))
                .Seen(Volume, "StorageClass", "longhorn", ("provisioner", "driver.longhorn.io"))
                .EventOf("PersistentVolumeClaim", "data-db-0", Given.Now, "ProvisioningFailed", "insufficient storage").Context())
            .Diagnosis.Cause.ShouldContain("provisioning by driver.longhorn.io fails: insufficient storage");

    [Fact]
    public void Diagnose_NoStorageClass_SaysSo() =>
        RulesEngine.Diagnose(Waiting().Seen(Volume, "PersistentVolumeClaim", "data-db-0", ("phase", "Pending")).Context())
            .Diagnosis.Cause.ShouldContain("it names no StorageClass");

    [Fact]
    public void Diagnose_WaitsForItsFirstPod_IsNoTrouble()
    {
        var rules = RulesEngine.Diagnose(Given.A("PersistentVolumeClaim", "scratch").Alert("KubePersistentVolumeErrors")
            .Seen(Volume, "PersistentVolumeClaim", "scratch", ("phase", "Pending"), ("storageClass", "local-path"))
            .Seen(Volume, "StorageClass", "local-path", ("volumeBindingMode", "WaitForFirstConsumer")).Context());

        rules.Diagnosis.Severity.ShouldBe(Severity.Info);
        rules.Diagnosis.Cause.ShouldBe("PersistentVolumeClaim scratch waits for the first pod that uses it");
    }

    [Fact]
    public void Diagnose_LostClaim_IsCritical()
    {
        var rules = RulesEngine.Diagnose(Given.A("PersistentVolumeClaim", "data").Alert("KubePersistentVolumeErrors")
            .Seen(Volume, "PersistentVolumeClaim", "data", ("phase", "Lost"), ("volumeName", "pvc-12")).Context());

        rules.Diagnosis.Cause.ShouldBe("PersistentVolumeClaim data is Lost: its volume pvc-12 is gone");
        rules.Diagnosis.Severity.ShouldBe(Severity.Critical);
    }

    [Fact]
    public void Diagnose_BoundAfterAll_IsRecovered() =>
        RulesEngine.Diagnose(Given.A("PersistentVolumeClaim", "data").Alert("KubePersistentVolumeErrors")
                .Seen(Volume, "PersistentVolumeClaim", "data", ("phase", "Bound"))
                .EventOf("PersistentVolumeClaim", "data", Given.Now, "ProvisioningFailed", "out of space").Context())
            .IsHealthy.ShouldBeTrue();

    [Fact]
    public void Diagnose_FillingUp_NamesTheClaimAndWhetherItGrows()
    {
        var rules = RulesEngine.Diagnose(Given.A("PersistentVolumeClaim", "data").Alert("KubePersistentVolumeFillingUp", "only 2.5% free", ("persistentvolumeclaim", "data"))
            .Seen(Volume, "PersistentVolumeClaim", "data", ("phase", "Bound"), ("capacity", "10Gi"), ("storageClass", "longhorn"))
            .Seen(Volume, "StorageClass", "longhorn", ("allowVolumeExpansion", "true")).Context());

        rules.Diagnosis.Cause.ShouldBe("PersistentVolumeClaim data (10Gi) is filling up");
        rules.Diagnosis.Explanation.ShouldContain("only 2.5% free. Its StorageClass lets it grow");
    }

    [Theory]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"cfg\" : configmap \"api-config\" not found", "ConfigMap api-config does not exist")]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"api-tls\" not found", "Secret api-tls does not exist")]
    [InlineData("FailedAttachVolume", "Multi-Attach error for volume \"pvc-7\" Volume is already exclusively attached to one node and can't be attached to another", "volume pvc-7 is still attached elsewhere")]
    [InlineData("FailedAttachVolume", "Multi-Attach error for volume \"pvc-7\" Volume is already used by pod(s) db-1", "volume pvc-7 is still attached by pod db-1")]
    public void Diagnose_MountFails_SaysWhy(string reason, string message, string why)
    {
        var rules = RulesEngine.Diagnose(Given.A("Deployment", "api").Alert("KubePodNotReady").Pod("api-1-a", ("phase", "Pending"))
            .Container("api-1-a", "api", "waiting", ("reason", "ContainerCreating"))
            .Event("api-1-a", "FailedMount", "Unable to attach or mount volumes: timed out waiting for the condition")
            .Event("api-1-a", reason, message).Context());

        rules.Diagnosis.Cause.ShouldBe($"Deployment api: pod api-1-a cannot mount its volume: {why}");
        rules.SuggestedActions.ShouldAllBe(action => ActionKinds.IsReadOnly(action.Kind));
    }

    [Fact]
    public void Diagnose_MountedAtLast_IsRecovered() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "true")).Event("api-5d8f7c6b9-x2x4z", "FailedMount", "timed out waiting for the condition").Context())
            .IsHealthy.ShouldBeTrue();

    [Theory]
    [InlineData("degraded", Severity.Warning)]
    [InlineData("faulted", Severity.Critical)]
    public void Diagnose_LonghornVolume_SaysHowBadItIs(string robustness, Severity severity)
    {
        var rules = RulesEngine.Diagnose(Longhorn(robustness).Context());

        rules.Diagnosis.Cause.ShouldStartWith($"Longhorn volume pvc-9 is {robustness} (attached)");
        rules.Diagnosis.Severity.ShouldBe(severity);
    }

    [Fact]
    public void Diagnose_LonghornRebuilt_IsRecovered() => RulesEngine.Diagnose(Longhorn("healthy").Context()).IsHealthy.ShouldBeTrue();

    private static Given Longhorn(string robustness) => Given.A("Volume", "pvc-9").Alert("LonghornVolumeStatusWarning", null, ("volume", "pvc-9"))
        .Seen(EvidenceKind.Resource, "Volume", "pvc-9", ("robustness", robustness), ("volumeState", "attached"), ("replicas", "2"));
}
