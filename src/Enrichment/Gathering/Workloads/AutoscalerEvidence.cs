using System.Globalization;
using AlertResponder.Contracts;
using k8s.Models;

namespace AlertResponder.Enrichment.Gathering.Workloads;

/// <summary>A HorizontalPodAutoscaler: its bounds, its wish and what keeps it from it.</summary>
internal static class AutoscalerEvidence
{
    // What each condition is when all is well.
    private static readonly (string Type, string Fact, bool Good)[] Conditions =
    [
        ("AbleToScale", FactNames.AbleToScale, true), ("ScalingActive", FactNames.ScalingActive, true), ("ScalingLimited", FactNames.ScalingLimited, false),
    ];

    public static ObjectReference Reference(V2HorizontalPodAutoscaler autoscaler) =>
        new("HorizontalPodAutoscaler", autoscaler.Metadata.NamespaceProperty, autoscaler.Metadata.Name, Uid: autoscaler.Metadata.Uid);

    public static Observation Of(V2HorizontalPodAutoscaler autoscaler)
    {
        var (spec, status) = (autoscaler.Spec, autoscaler.Status);
        var target = $"{spec?.ScaleTargetRef?.Kind} {spec?.ScaleTargetRef?.Name}";
        var wrong = Wrong(autoscaler);
        var facts = new Facts()
            .Set(FactNames.ScaleTarget, target)
            .Set(FactNames.MinReplicas, spec?.MinReplicas ?? 1)
            .Set(FactNames.MaxReplicas, spec?.MaxReplicas)
            .Set(FactNames.CurrentReplicas, status?.CurrentReplicas ?? 0)
            .Set(FactNames.Desired, status?.DesiredReplicas)
            .Set(FactNames.Reason, wrong?.Reason)
            .Set(FactNames.Message, wrong?.Message);
        foreach (var (type, fact, _) in Conditions)
        {
            facts.Set(fact, Condition(autoscaler, type) is { Status: "True" or "False" } condition ? condition.Status == "True" : null);
        }

        List<string> text =
        [
            $"scales {target} between {spec?.MinReplicas ?? 1} and {spec?.MaxReplicas}",
            $"{status?.CurrentReplicas ?? 0} replicas, wants {status?.DesiredReplicas}",
            .. (spec?.Metrics ?? []).Select(metric => Metric(metric, status)).OfType<string>(),
            .. (status?.Conditions ?? []).Select(condition => $"{condition.Type} {condition.Status} ({condition.Reason}: {condition.Message})"),
        ];
        return new Observation(EvidenceKind.Autoscaler, Reference(autoscaler), string.Join("; ", text), facts);
    }

    /// <summary>The first condition that is not as it should be; null when all is well.</summary>
    public static V2HorizontalPodAutoscalerCondition? Wrong(V2HorizontalPodAutoscaler autoscaler) => Conditions
        .Select(expected => Condition(autoscaler, expected.Type) is { } condition && condition.Status != (expected.Good ? "True" : "False") ? condition : null)
        .FirstOrDefault(condition => condition is not null);

    private static V2HorizontalPodAutoscalerCondition? Condition(V2HorizontalPodAutoscaler autoscaler, string type) =>
        autoscaler.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static string? Metric(V2MetricSpec metric, V2HorizontalPodAutoscalerStatus? status)
    {
        if (metric.Resource is not { } resource)
        {
            return null;
        }

        var current = status?.CurrentMetrics?.FirstOrDefault(present => present.Resource?.Name == resource.Name)?.Resource?.Current;
        return resource.Target.AverageUtilization is { } wanted
            ? string.Create(CultureInfo.InvariantCulture, $"{resource.Name} at {current?.AverageUtilization?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}% of its request, to be held at {wanted}%")
            : $"{resource.Name} at {(current?.AverageValue ?? current?.Value)?.ToString() ?? "unknown"}, to be held at {(resource.Target.AverageValue ?? resource.Target.Value)?.ToString()}";
    }
}
