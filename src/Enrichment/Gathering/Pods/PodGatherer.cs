using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering.Nodes;
using AlertResponder.Enrichment.Gathering.Storage;
using AlertResponder.Enrichment.Gathering.Workloads;
using k8s.Models;
using static AlertResponder.Enrichment.Gathering.Together;

namespace AlertResponder.Enrichment.Gathering.Pods;

/// <summary>Pods and what is around them: logs, events, nodes, claims, Services, policies.</summary>
/// <param name="reads">The incident's reads.</param>
/// <param name="alerted">Containers that alerts name.</param>
internal sealed class PodGatherer(ClusterReads reads, IReadOnlyCollection<string> alerted)
{
    /// <summary>A sick workload's pods tend to be sick in the same way.</summary>
    public const int MostPods = 3;

    private const int MostLogs = 6;
    private const int MostClaims = 2;
    private const int MostServices = 2;
    private const int MostDependencies = 2;
    private const int MostPolicies = 5;
    private const int MostNodes = 6;

    private readonly StorageGatherer storage = new(reads);

    /// <param name="namespace">The pods'.</param>
    /// <param name="pods">The sickest first.</param>
    public Task<IReadOnlyList<Observation>> GatherAsync(string @namespace, IReadOnlyList<V1Pod> pods)
    {
        if (pods.Count == 0)
        {
            return AllAsync();
        }

        // In the order of their worth: a bound or the deadline cuts the last.
        return AllAsync(
        [
            .. pods.Select(pod => reads.GatherAsync("pods", () => Task.FromResult<IReadOnlyList<Observation>>([.. Described(pod)]))),
            reads.GatherAsync("logs", () => LogsAsync(@namespace, pods)),
            .. pods.Select(pod => reads.GatherAsync("events", () => EventsAsync(PodEvidence.Reference(pod)))),
            .. pods.Select(pod => pod.Spec?.NodeName).Where(node => !string.IsNullOrEmpty(node)).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(node => reads.GatherAsync("nodes", () => NodeAsync(node))),
            reads.GatherAsync("volume claims", () => AllAsync(PodEvidence.Claims(pods[0]).Take(MostClaims).Select(claim => storage.ClaimAsync(@namespace, claim)))),
            reads.GatherAsync("use of resources", () => AllAsync(pods.Where(IsRunning).Select(UsageAsync))),
            reads.GatherAsync("nodes", () => pods.Any(IsUnscheduled) ? NodesAsync() : AllAsync()),
            reads.GatherAsync("services", () => ServicesAsync(@namespace, pods[0])),
            reads.GatherAsync("network policies", () => NetworkPoliciesAsync(@namespace, pods[0])),
            reads.GatherAsync("disruption budgets", () => DisruptionBudgetsAsync(@namespace, pods[0])),
        ]);
    }

    /// <summary>Where a pod finds no place, or a part of the cluster is gone, the nodes tell why: those that are closed or sick, and the roomiest.</summary>
    public async Task<IReadOnlyList<Observation>> NodesAsync()
    {
        var nodes = await reads.NodesAsync();
        return
        [
            .. nodes.OrderBy(node => NodeEvidence.IsWell(node) && node.Spec?.Unschedulable != true)
                .ThenByDescending(NodeEvidence.Room)
                .Take(MostNodes).Select(NodeEvidence.Of),
        ];
    }

    public async Task<IReadOnlyList<Observation>> EventsAsync(ObjectReference about) => [.. EventEvidence.Of(await reads.EventsAsync(about), about with { Container = null })];

    public static IEnumerable<Observation> Described(V1Pod pod) => [PodEvidence.Of(pod), .. PodContainer.Of(pod).Select(ContainerEvidence.Of)];

    private static bool IsUnscheduled(V1Pod pod) => pod.Status?.Phase == "Pending" && string.IsNullOrEmpty(pod.Spec?.NodeName);

    private static bool IsRunning(V1Pod pod) => PodContainer.Of(pod).Any(container => container.Status?.State?.Running is not null);

    private async Task<IReadOnlyList<Observation>> LogsAsync(string @namespace, IReadOnlyList<V1Pod> pods)
    {
        var containers = pods.SelectMany(PodContainer.Of).ToArray();
        var told = containers.Where(container => container.IsSick)
            .SelectMany(container => new[] { (Container: container, Previous: true), (Container: container, Previous: false) })
            .Where(log => log.Previous ? log.Container.Status?.LastState?.Terminated is not null : log.Container.HasRun)
            .Take(MostLogs).ToArray();
        if (told.Length == 0)
        {
            // Nothing has ended: what an alert on errors or latency is about may be in the log all the same.
            told = [.. containers.Where(container => container.HasRun && alerted.Contains(container.Spec.Name)).Take(1).Select(container => (container, false))];
        }

        var logs = await AllAsync(told.Select(log => LogAsync(log.Container.Reference, log.Previous)));
        var messages = containers.SelectMany(container => new[] { container.Status?.LastState?.Terminated?.Message, container.Status?.State?.Terminated?.Message });
        string[] texts = [.. logs.Select(log => log.Text), .. messages.OfType<string>()];
        var dependencies = texts.SelectMany(text => Dependencies.In(text, @namespace)).Distinct().OrderByDescending(dependency => dependency.IsCertain).Take(MostDependencies).ToArray();
        var timesOut = texts.Any(Dependencies.TimesOut);
        string[] addresses = dependencies.Length > 0 ? [] : [.. texts.SelectMany(Dependencies.Addresses).Distinct(StringComparer.Ordinal).Take(MostDependencies)];
        return
        [
            .. logs,
            .. await AllAsync(dependencies.Select(dependency => DependencyAsync(dependency, timesOut))),
            .. addresses.Length == 0 ? [] : await ServicesAtAsync(@namespace, addresses),
        ];
    }

    // Of this namespace: the list is read anyway, for the Services of the pod itself.
    private async Task<IReadOnlyList<Observation>> ServicesAtAsync(string @namespace, string[] addresses) => await AllAsync(
        (await reads.ServicesAsync(@namespace)).Where(service => addresses.Contains(service.Spec?.ClusterIP, StringComparer.Ordinal)).Select(ServiceAsync));

    private async Task<IReadOnlyList<Observation>> LogAsync(ObjectReference container, bool previous)
    {
        var read = await reads.LogAsync(container, previous);
        return string.IsNullOrWhiteSpace(read.Value)
            ? []
            : [new Observation(previous ? EvidenceKind.PreviousLog : EvidenceKind.Log, container, read.Value, new Facts())];
    }

    private async Task<IReadOnlyList<Observation>> DependencyAsync(Dependency dependency, bool timesOut)
    {
        var (@namespace, name, isCertain) = dependency;
        var service = await reads.ServiceAsync(@namespace, name);
        if (service.Value is not { } found)
        {
            return service.NotFound && isCertain ? [ServiceEvidence.Missing(@namespace, name)] : [];
        }

        return timesOut && found.Spec?.Selector is { Count: > 0 } selector
            ? [.. await ServiceAsync(found), .. await PoliciesAsync(@namespace, selector, $"the pods of Service {@namespace}/{name}")]
            : await ServiceAsync(found);
    }

    public async Task<IReadOnlyList<Observation>> ServiceAsync(V1Service service) =>
        [ServiceEvidence.Of(service, (await reads.EndpointsAsync(service.Metadata.NamespaceProperty, service.Metadata.Name)).Value)];

    private async Task<IReadOnlyList<Observation>> ServicesAsync(string @namespace, V1Pod pod)
    {
        var services = await reads.ServicesAsync(@namespace);
        return await AllAsync(services
            .Where(service => service.Spec?.Selector is { Count: > 0 } selector && LabelSelectors.Matches(selector, pod.Metadata.Labels))
            .Take(MostServices).Select(ServiceAsync));
    }

    private async Task<IReadOnlyList<Observation>> NodeAsync(string name) =>
        await reads.NodeAsync(name) is not { } node ? []
            : NodeEvidence.IsWell(node) ? [NodeEvidence.Of(node)]
            : [NodeEvidence.Of(node), .. await EventsAsync(NodeEvidence.Reference(node))];

    private async Task<IReadOnlyList<Observation>> UsageAsync(V1Pod pod) =>
        [.. UsageEvidence.Of(pod, await reads.PodUsageAsync(pod.Metadata.NamespaceProperty, pod.Metadata.Name))];

    private Task<IReadOnlyList<Observation>> NetworkPoliciesAsync(string @namespace, V1Pod pod) => PoliciesAsync(@namespace, pod.Metadata.Labels, "the pod");

    private async Task<IReadOnlyList<Observation>> PoliciesAsync(string @namespace, IDictionary<string, string>? labels, string selected) =>
    [
        .. (await reads.NetworkPoliciesAsync(@namespace))
            .Where(policy => LabelSelectors.Matches(policy.Spec.PodSelector, labels)).Take(MostPolicies).Select(policy => PolicyEvidence.Of(policy, selected)),
    ];

    private async Task<IReadOnlyList<Observation>> DisruptionBudgetsAsync(string @namespace, V1Pod pod) =>
    [
        .. (await reads.DisruptionBudgetsAsync(@namespace))
            .Where(budget => LabelSelectors.Matches(budget.Spec?.Selector, pod.Metadata.Labels)).Take(MostPolicies).Select(PolicyEvidence.Of),
    ];
}
