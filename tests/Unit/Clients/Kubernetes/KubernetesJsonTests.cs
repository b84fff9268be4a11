using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

public sealed class KubernetesJsonTests
{
    [Theory]
    [InlineData("2026-11-22T08:10:36Z", 0)]
    [InlineData("2026-11-22T10:10:36+02:00", 0)]
    [InlineData("2026-11-22T08:10:36.5Z", 5_000_000)]
    [InlineData("2026-11-22T08:10:36.351483Z", 3_514_830)]
    [InlineData("2026-11-22T10:10:36.351483+02:00", 3_514_830)]
    [InlineData("2026-11-22T08:10:36.123456789Z", 1_234_567)]
    public void Deserialize_Time_IsUtcToTheTick(string text, long ticks)
    {
        var time = KubernetesJson.Deserialize<V1ObjectMeta>($$"""{"creationTimestamp":"{{text}}"}""").CreationTimestamp;

        time.ShouldBe(new DateTime(2026, 11, 22, 8, 10, 36, DateTimeKind.Utc).AddTicks(ticks));
        time!.Value.Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Fact]
    public void Deserialize_NoTime_IsAFormatException() =>
        Should.Throw<FormatException>(() => KubernetesJson.Deserialize<V1ObjectMeta>("""{"creationTimestamp":"yesterday"}"""));

    [Theory]
    [InlineData("8080", "8080", "8080")]
    [InlineData("\"25%\"", "25%", "\"25%\"")]
    [InlineData("\"http\"", "http", "\"http\"")]
    public void Deserialize_IntOrString_IsBoth(string json, string text, string written)
    {
        var probe = KubernetesJson.Deserialize<V1TCPSocketAction>($$"""{"port":{{json}}}""");

        ((string)probe.Port).ShouldBe(text);
        KubernetesJson.Serialize(probe).ShouldBe($$"""{"port":{{written}}}""");
    }

    [Fact]
    public void ToInt_IntOrString_IsTheNumberOrNone()
    {
        ((IntOrString)8080).ToInt().ShouldBe(8080);
        Should.Throw<FormatException>(() => ((IntOrString)"http").ToInt());
    }

    [Fact]
    public void Deserialize_UnknownField_IsIgnored() =>
        KubernetesJson.Deserialize<V1Pod>("""{"kind":"Pod","fromTheFuture":{"a":[1]},"status":{"phase":"Running"}}""").Status.Phase.ShouldBe("Running");

    [Fact]
    public void Deserialize_OtherCase_IsAnotherField() =>
        KubernetesJson.Deserialize<V1PodStatus>("""{"Phase":"Running"}""").Phase.ShouldBeNull();

    [Fact]
    public void Serialize_Pod_IsAsTheServerWritesIt()
    {
        var pod = new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = "web-0",
                NamespaceProperty = "shop",
                CreationTimestamp = new DateTime(2026, 11, 22, 8, 10, 36, DateTimeKind.Utc).AddTicks(3_514_830),
                DeletionTimestamp = new DateTime(2026, 11, 22, 8, 10, 36, DateTimeKind.Utc),
            },
        };

        using var json = JsonDocument.Parse(KubernetesJson.Serialize(pod));

        var metadata = json.RootElement.GetProperty("metadata");
        metadata.GetProperty("namespace").GetString().ShouldBe("shop");
        metadata.GetProperty("creationTimestamp").GetString().ShouldBe("2026-11-22T08:10:36.351483Z");
        metadata.GetProperty("deletionTimestamp").GetString().ShouldBe("2026-11-22T08:10:36Z");
        json.RootElement.TryGetProperty("spec", out _).ShouldBeFalse();
    }

    [Fact]
    public void Deserialize_PodWithEverythingAnEnrichmentReads_KeepsIt()
    {
        var spec = KubernetesJson.Deserialize<V1PodSpec>(
            """
            {
              "containers": [{
                "name": "web", "command": ["/bin/web"], "args": ["--port", "8080"],
                "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": true}}}, {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}],
                "envFrom": [{"configMapRef": {"name": "all"}}, {"prefix": "P_", "secretRef": {"name": "s2"}}],
                "ports": [{"containerPort": 8080, "name": "http"}],
                "livenessProbe": {"exec": {"command": ["true"]}, "initialDelaySeconds": 5},
                "startupProbe": {"grpc": {"port": 9000}, "failureThreshold": 30}
              }],
              "initContainers": [{"name": "migrate", "restartPolicy": "Always"}],
              "nodeSelector": {"disk": "ssd"},
              "affinity": {
                "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}]}]}},
                "podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "web"}}}}]}
              },
              "volumes": [
                {"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0", "readOnly": true}},
                {"name": "config", "configMap": {"name": "web"}},
                {"name": "tls", "secret": {"secretName": "web-tls"}},
                {"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}}
              ]
            }
            """);

        var container = spec.Containers.ShouldHaveSingleItem();
        container.Command.ShouldBe(["/bin/web"]);
        container.Env[0].ValueFrom.SecretKeyRef.Name.ShouldBe("s");
        container.Env[1].ValueFrom.ConfigMapKeyRef.Key.ShouldBe("k");
        container.EnvFrom[1].SecretRef.Name.ShouldBe("s2");
        container.Ports[0].ContainerPort.ShouldBe(8080);
        container.LivenessProbe.Exec.Command.ShouldBe(["true"]);
        container.StartupProbe.Grpc.Port.ShouldBe(9000);
        spec.InitContainers[0].RestartPolicy.ShouldBe("Always");
        spec.NodeSelector["disk"].ShouldBe("ssd");
        var requirement = spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms[0].MatchExpressions[0];
        (requirement.Key, requirement.OperatorProperty, requirement.Values[0]).ShouldBe(("kubernetes.io/arch", "In", "amd64"));
        spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution[0].PodAffinityTerm.LabelSelector.MatchLabels["app"].ShouldBe("web");
        spec.Volumes[0].PersistentVolumeClaim.ClaimName.ShouldBe("data-web-0");
        spec.Volumes[0].PersistentVolumeClaim.ReadOnlyProperty.ShouldBe(true);
        spec.Volumes[1].ConfigMap.Name.ShouldBe("web");
        spec.Volumes[2].Secret.SecretName.ShouldBe("web-tls");
        spec.Volumes[3].EmptyDir.SizeLimit.ToInt64().ShouldBe(1073741824);
    }

    [Fact]
    public void Serialize_PodTemplate_KeepsWhatItHasNoNameFor()
    {
        const string template =
            """
            {
              "metadata": {"labels": {"app": "web"}},
              "spec": {
                "containers": [{
                  "name": "web", "image": "web:1", "tty": true, "terminationMessagePolicy": "File",
                  "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
                  "securityContext": {"runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}},
                  "ports": [{"containerPort": 8080, "hostIP": "127.0.0.1"}],
                  "env": [{"name": "MEMORY", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}}}],
                  "volumeMounts": [{"name": "data", "mountPath": "/data", "subPathExpr": "$(POD)"}],
                  "resources": {"limits": {"cpu": "500m"}, "claims": [{"name": "gpu"}]},
                  "livenessProbe": {"httpGet": {"path": "/", "port": "http", "httpHeaders": [{"name": "X-A", "value": "b"}]}}
                }],
                "securityContext": {"fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
                "serviceAccount": "web", "automountServiceAccountToken": false, "hostname": "web",
                "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db"]}],
                "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "minDomains": 2}],
                "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "host", "matchLabelKeys": ["pod-template-hash"]}]}},
                "volumes": [
                  {"name": "tls", "secret": {"secretName": "web-tls", "defaultMode": 256, "items": [{"key": "k", "path": "p"}]}},
                  {"name": "config", "configMap": {"name": "web", "defaultMode": 420, "items": [{"key": "k", "path": "p"}]}},
                  {"name": "block", "iscsi": {"targetPortal": "10.0.2.15:3260", "iqn": "iqn.2001-04.com.example", "lun": 0}},
                  {"name": "csi", "csi": {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"class": "web"}}},
                  {"name": "all", "projected": {"defaultMode": 420, "sources": [
                    {"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}},
                    {"configMap": {"name": "ca", "items": [{"key": "k", "path": "p"}]}},
                    {"secret": {"name": "s", "items": [{"key": "k", "path": "p"}]}}]}},
                  {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "dataSource": {"kind": "VolumeSnapshot", "name": "v"}}}}}
                ]
              }
            }
            """;

        ShouldSurvive<V1PodTemplateSpec>(template);
        ShouldSurvive<V1JobSpec>($$"""{"backoffLimit": 2, "podFailurePolicy": {"rules": [{"action": "Ignore"}]}, "template": {{template}}}""");

        var copy = KubernetesJson.Deserialize<V1PodTemplateSpec>(template).Spec.Containers[0] with { Image = "web:2" };
        KubernetesJson.Serialize(copy).ShouldContain("runAsNonRoot");
    }

    [Fact]
    public void Deserialize_Service_HasItsPortsAndSelector()
    {
        var service = KubernetesJson.Deserialize<V1Service>(
            """
            {"kind": "Service", "spec": {"type": "ClusterIP", "clusterIP": "10.43.0.7", "selector": {"app": "web"}, "ports": [
              {"name": "http", "protocol": "TCP", "port": 80, "targetPort": "web"}, {"port": 9090, "targetPort": 9090}]}, "status": {"loadBalancer": {}}}
            """);

        (service.Spec.ClusterIP, service.Spec.Selector["app"]).ShouldBe(("10.43.0.7", "web"));
        service.Spec.Ports.Select(p => (p.Port, p.TargetPort.Value)).ShouldBe([(80, "web"), (9090, "9090")]);
        service.Status.LoadBalancer.Ingress.ShouldBeNull();
    }

    [Fact]
    public void Deserialize_Endpoints_HasReadyAndOtherPods()
    {
        var endpoints = KubernetesJson.Deserialize<V1EndpointsList>(
            """
            {"kind": "EndpointsList", "items": [{"metadata": {"name": "web"}, "subsets": [{
              "notReadyAddresses": [{"ip": "10.42.0.5", "nodeName": "n1", "targetRef": {"kind": "Pod", "name": "web-0"}}], "ports": [{"port": 8080}]}]}]}
            """);

        var subset = endpoints.Items.ShouldHaveSingleItem().Subsets.ShouldHaveSingleItem();
        subset.Addresses.ShouldBeNull();
        subset.NotReadyAddresses.ShouldHaveSingleItem().TargetRef.Name.ShouldBe("web-0");
        subset.Ports[0].Port.ShouldBe(8080);
    }

    [Fact]
    public void Deserialize_PersistentVolume_HasItsClaimDriverAndNodes()
    {
        var volume = KubernetesJson.Deserialize<V1PersistentVolume>(
            """
            {"spec": {"capacity": {"storage": "10Gi"}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Delete", "storageClassName": "longhorn",
              "claimRef": {"namespace": "shop", "name": "data-web-0"}, "csi": {"driver": "driver.longhorn.io", "volumeHandle": "pvc-1", "readOnly": false},
              "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]}]}}},
             "status": {"phase": "Failed", "message": "m", "lastPhaseTransitionTime": "2026-11-22T08:11:16Z"}}
            """);

        (volume.Spec.Csi.Driver, volume.Spec.Csi.VolumeHandle, volume.Spec.Csi.ReadOnlyProperty).ShouldBe(("driver.longhorn.io", "pvc-1", false));
        (volume.Spec.ClaimRef.NamespaceProperty, volume.Spec.Capacity["storage"].ToString()).ShouldBe(("shop", "10Gi"));
        volume.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0].Values.ShouldBe(["a"]);
        (volume.Status.Phase, volume.Status.LastPhaseTransitionTime!.Value.Kind).ShouldBe(("Failed", DateTimeKind.Utc));
    }

    [Fact]
    public void Deserialize_ConfigMap_HasTextAndBytes()
    {
        var map = KubernetesJson.Deserialize<V1ConfigMap>("""{"data": {"a": "b"}, "binaryData": {"c": "AAEC"}, "immutable": true}""");

        (map.Data["a"], map.Immutable).ShouldBe(("b", true));
        map.BinaryData["c"].ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Deserialize_ResourceQuota_HasWhatIsUsed()
    {
        var quota = KubernetesJson.Deserialize<V1ResourceQuota>(
            """{"spec": {"hard": {"limits.memory": "2Gi"}}, "status": {"hard": {"limits.memory": "2Gi"}, "used": {"limits.memory": "2048Mi"}}}""");

        (quota.Status.Used["limits.memory"] == quota.Spec.Hard["limits.memory"]).ShouldBeTrue();
    }

    [Fact]
    public void Deserialize_HorizontalPodAutoscaler_HasBoundsMetricsAndConditions()
    {
        var autoscaler = KubernetesJson.Deserialize<V2HorizontalPodAutoscaler>(
            """
            {"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 1, "maxReplicas": 3, "metrics": [
              {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}},
              {"type": "Pods", "pods": {"metric": {"name": "rps"}, "target": {"type": "AverageValue", "averageValue": "10"}}}]},
             "status": {"currentReplicas": 3, "desiredReplicas": 3, "currentMetrics": [
              {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 97, "averageValue": "485m"}}}],
              "conditions": [{"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas", "message": "m", "lastTransitionTime": "2026-11-22T08:11:16Z"}]}}
            """);

        (autoscaler.Spec.ScaleTargetRef.Kind, autoscaler.Spec.MaxReplicas, autoscaler.Status.DesiredReplicas).ShouldBe(("Deployment", 3, 3));
        autoscaler.Spec.Metrics[0].Resource.Target.AverageUtilization.ShouldBe(80);
        (autoscaler.Spec.Metrics[1].Type, autoscaler.Spec.Metrics[1].Resource).ShouldBe(("Pods", null));
        autoscaler.Status.CurrentMetrics[0].Resource.Current.AverageValue.ToDecimal().ShouldBe(0.485m);
        autoscaler.Status.Conditions[0].Reason.ShouldBe("TooManyReplicas");
    }

    [Fact]
    public void Deserialize_NetworkPolicy_HasBothDirections()
    {
        var policy = KubernetesJson.Deserialize<V1NetworkPolicy>(
            """
            {"spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"],
              "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"name": "ops"}}}], "ports": [{"protocol": "TCP", "port": "http"}]}],
              "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}], "ports": [{"port": 32000, "endPort": 32768}]}]}}
            """);

        policy.Spec.PodSelector.MatchLabels.ShouldBeNull();
        policy.Spec.Ingress[0].FromProperty[0].NamespaceSelector.MatchLabels["name"].ShouldBe("ops");
        policy.Spec.Ingress[0].Ports[0].Port.Value.ShouldBe("http");
        policy.Spec.Egress[0].To[0].IpBlock.Except.ShouldBe(["10.1.0.0/16"]);
        (policy.Spec.Egress[0].Ports[0].Port.ToInt(), policy.Spec.Egress[0].Ports[0].EndPort).ShouldBe((32000, 32768));
    }

    [Fact]
    public void Deserialize_StorageClass_HasItsProvisioner()
    {
        var storage = KubernetesJson.Deserialize<V1StorageClass>(
            """{"provisioner": "driver.longhorn.io", "parameters": {"numberOfReplicas": "3"}, "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": true}""");

        (storage.Provisioner, storage.VolumeBindingMode, storage.Parameters["numberOfReplicas"]).ShouldBe(("driver.longhorn.io", "WaitForFirstConsumer", "3"));
    }

    [Fact]
    public void Deserialize_PodDisruptionBudget_HasWhatItAllows()
    {
        var budget = KubernetesJson.Deserialize<V1PodDisruptionBudget>(
            """
            {"spec": {"minAvailable": "50%", "selector": {"matchLabels": {"app": "web"}}}, "status": {"disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 2,
              "disruptedPods": {"web-0": "2026-11-22T08:11:16Z", "web-1": null},
              "conditions": [{"type": "DisruptionAllowed", "status": "False", "reason": "InsufficientPods", "message": "", "lastTransitionTime": "2026-11-22T08:11:16Z"}]}}
            """);

        (budget.Spec.MinAvailable.Value, budget.Status.DisruptionsAllowed, budget.Status.ExpectedPods).ShouldBe(("50%", 0, 2));
        budget.Status.DisruptedPods["web-0"].ShouldBe(new DateTime(2026, 11, 22, 8, 11, 16, DateTimeKind.Utc));
        budget.Status.DisruptedPods["web-1"].ShouldBeNull();
        budget.Status.Conditions[0].Reason.ShouldBe("InsufficientPods");
    }

    private static void ShouldSurvive<T>(string json)
    {
        var written = KubernetesJson.Serialize(KubernetesJson.Deserialize<T>(json)!);

        JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(json)).ShouldBeTrue(written);
    }
}
