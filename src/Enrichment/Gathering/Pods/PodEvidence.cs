using System.Globalization;
using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>A pod: its phase, what keeps it from being ready, where it runs, what it needs.</summary>
internal static class PodEvidence
{
    // In every pod: part of its own credentials.
    private const string RootCertificates = "kube-root-ca.crt";

    public static ObjectReference Reference(V1Pod pod) => new("Pod", pod.Metadata.NamespaceProperty, pod.Metadata.Name, Uid: pod.Metadata.Uid);

    public static Observation Of(V1Pod pod)
    {
        var scheduled = pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "PodScheduled");
        var unscheduled = scheduled is { Status: "False" };
        var selector = string.Join(",", (pod.Spec?.NodeSelector ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));
        var (claims, configMaps, secrets) = (Claims(pod), ConfigMaps(pod.Spec), Secrets(pod.Spec));
        var facts = new Facts()
            .Set(FactNames.Phase, pod.Status?.Phase)
            .Set(FactNames.Node, pod.Spec?.NodeName)
            .Set(FactNames.RestartPolicy, pod.Spec?.RestartPolicy)
            .Set(FactNames.Scheduled, scheduled is null ? null : !unscheduled)
            .Set(FactNames.Reason, unscheduled ? scheduled?.Reason : pod.Status?.Reason)
            .Set(FactNames.Message, unscheduled ? scheduled?.Message : pod.Status?.Message)
            .Set(FactNames.CreatedAt, pod.Metadata.CreationTimestamp)
            .Set(FactNames.DeletedAt, pod.Metadata.DeletionTimestamp)
            .Set(FactNames.NodeSelector, selector)
            .Set(FactNames.QosClass, pod.Status?.QosClass)
            .Set(FactNames.RunsAs, RunsAs(pod.Spec))
            .Set(FactNames.Claims, string.Join(",", claims))
            .Set(FactNames.ConfigMaps, string.Join(",", configMaps))
            .Set(FactNames.Secrets, string.Join(",", secrets));
        List<string> text = [$"phase {pod.Status?.Phase ?? "unknown"}"];
        if (!string.IsNullOrEmpty(pod.Status?.Reason))
        {
            text.Add($"{pod.Status.Reason} {pod.Status.Message}".TrimEnd());
        }

        text.AddRange((pod.Status?.Conditions ?? [])
            .Where(condition => condition.Status == "False")
            .Select(condition => $"not {condition.Type} ({condition.Reason}{(string.IsNullOrEmpty(condition.Message) ? "" : $": {condition.Message}")})"));
        text.Add(string.IsNullOrEmpty(pod.Spec?.NodeName) ? "on no node" : $"on node {pod.Spec.NodeName}");
        text.AddRange(new[]
        {
            ("created", pod.Metadata.CreationTimestamp is { } created ? Times.Text(created) : ""),
            ("being deleted since", pod.Metadata.DeletionTimestamp is { } deleted ? Times.Text(deleted) : ""),
            ("node selector", selector),
            ("QoS class", pod.Status?.QosClass ?? ""),
            ("claims", string.Join(" ", claims)),
            ("ConfigMaps", string.Join(" ", configMaps)),
            ("Secrets", string.Join(" ", secrets)),
        }.Where(part => part.Item2.Length > 0).Select(part => $"{part.Item1} {part.Item2}"));
        return new Observation(EvidenceKind.Pod, Reference(pod), string.Join("; ", text), facts);
    }

    private static string? RunsAs(V1PodSpec? spec) =>
        ((spec?.Containers ?? []).Select(container => container.SecurityContext?.RunAsUser).FirstOrDefault(user => user is not null) ?? spec?.SecurityContext?.RunAsUser) is { } user
            ? string.Create(CultureInfo.InvariantCulture, $"user {user}{(spec?.SecurityContext?.FsGroup is { } group ? $", with fsGroup {group}" : ", without an fsGroup")}")
            : null;

    /// <summary>An alert names it, and there is none (any more).</summary>
    public static Observation Missing(string @namespace, string name) => new(
        EvidenceKind.Pod, new ObjectReference("Pod", @namespace, name), $"there is no Pod {@namespace}/{name} any more", new Facts().Set(FactNames.Exists, false));

    /// <summary>The PersistentVolumeClaims that it mounts, by name.</summary>
    public static IReadOnlyList<string> Claims(V1Pod pod) =>
    [
        .. (pod.Spec?.Volumes ?? [])
            .Select(volume => volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}"))
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>How much a pod deserves a look: the sickest first.</summary>
    public static int Sickness(V1Pod pod)
    {
        var statuses = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).ToArray();
        var ready = pod.Status?.Phase == "Succeeded" || (statuses.Length > 0 && statuses.All(status => status.Ready));
        return (ready ? 0 : 1_000_000) + Math.Min(statuses.Sum(status => status.RestartCount), 999_999);
    }

    private static IReadOnlyList<string> ConfigMaps(V1PodSpec? spec) => Needed(
    [
        .. Volumes(spec).Select(volume => (volume.ConfigMap?.Name, volume.ConfigMap?.Optional)),
        .. Projections(spec).Select(source => (source.ConfigMap?.Name, source.ConfigMap?.Optional)),
        .. Containers(spec).SelectMany(container => container.EnvFrom ?? []).Select(source => (source.ConfigMapRef?.Name, source.ConfigMapRef?.Optional)),
        .. Containers(spec).SelectMany(container => container.Env ?? []).Select(variable => variable.ValueFrom?.ConfigMapKeyRef).Select(key => (key?.Name, key?.Optional)),
    ]);

    private static IReadOnlyList<string> Secrets(V1PodSpec? spec) => Needed(
    [
        .. Volumes(spec).Select(volume => (volume.Secret?.SecretName, volume.Secret?.Optional)),
        .. Projections(spec).Select(source => (source.Secret?.Name, source.Secret?.Optional)),
        .. Containers(spec).SelectMany(container => container.EnvFrom ?? []).Select(source => (source.SecretRef?.Name, source.SecretRef?.Optional)),
        .. Containers(spec).SelectMany(container => container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).Select(key => (key?.Name, key?.Optional)),
        .. (spec?.ImagePullSecrets ?? []).Select(secret => (secret.Name, (bool?)false)),
    ]);

    private static IReadOnlyList<string> Needed(IEnumerable<(string? Name, bool? Optional)> references) =>
    [
        .. references
            .Where(reference => reference.Optional != true && reference.Name is not (null or "" or RootCertificates))
            .Select(reference => reference.Name!).Distinct(StringComparer.Ordinal),
    ];

    private static IEnumerable<V1Volume> Volumes(V1PodSpec? spec) => spec?.Volumes ?? [];

    private static IEnumerable<V1VolumeProjection> Projections(V1PodSpec? spec) => Volumes(spec).SelectMany(volume => volume.Projected?.Sources ?? []);

    private static IEnumerable<V1Container> Containers(V1PodSpec? spec) => (spec?.InitContainers ?? []).Concat(spec?.Containers ?? []);
}
