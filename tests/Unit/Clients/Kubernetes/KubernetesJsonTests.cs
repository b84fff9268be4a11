using System.Text.Json;
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
    public void Deserialize_RequiredFieldMissing_IsAJsonException() =>
        Should.Throw<JsonException>(() => KubernetesJson.Deserialize<V1PodStatus>("""{"containerStatuses":[{"name":"web"}]}"""));

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
}
