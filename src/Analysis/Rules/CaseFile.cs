using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules.Nodes;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Analysis.Rules;

/// <summary>The evidence of one context, typed and indexed: all that a rule may look at.</summary>
internal sealed class CaseFile
{
    private readonly Dictionary<(string? Namespace, string Pod, string? Container), Evidence> logs;
    private readonly Dictionary<(string? Namespace, string Pod, string? Container), Evidence> previousLogs;

    public CaseFile(ContextEnriched context)
    {
        Context = context;
        Alerts = context.Alerts.Standing();
        logs = LogsOf(EvidenceKind.Log);
        previousLogs = LogsOf(EvidenceKind.PreviousLog);
        Events = [.. Of(EvidenceKind.Event)];
        Owners = [.. Of(EvidenceKind.Owner)];
        Nodes = [.. Of(EvidenceKind.Node).DistinctBy(node => node.Source.Name).Select(node => new NodeState(node))];

        // What belongs to a finished story must not speak in this one.
        Pods =
        [
            .. Of(EvidenceKind.Pod)
                .Where(pod => pod.Flag(FactNames.Exists) != false)
                .DistinctBy(pod => (pod.Source.Namespace, pod.Source.Name))
                .Select(pod => new PodState(pod))
                .Where(pod => !History.Contains(this, pod.Name, pod.Phase)),
        ];
        Containers =
        [
            .. Of(EvidenceKind.Container)
                .DistinctBy(container => (container.Source.Namespace, container.Source.Name, container.Source.Container))
                .Select(container => new ContainerState(container))
                .Where(container => !History.Contains(this, container.Pod, PhaseOf(container))),
        ];
    }

    public ContextEnriched Context { get; }

    public Subject Subject => Context.Subject;

    /// <summary>The alerts that the case is about: those that fire, or all when all are over.</summary>
    public IReadOnlyList<Alert> Alerts { get; }

    /// <summary>When the evidence was read: what a rule measures ages against.</summary>
    public DateTimeOffset Now => Context.EnrichedAt;

    public IReadOnlyList<ContainerState> Containers { get; }

    public IReadOnlyList<PodState> Pods { get; }

    public IReadOnlyList<NodeState> Nodes { get; }

    /// <summary>Pods that alerts name and that do not exist (any more).</summary>
    public IEnumerable<Evidence> GonePods => Of(EvidenceKind.Pod).Where(pod => pod.Flag(FactNames.Exists) == false);

    /// <summary>Pods that have failed and are listed still, whatever came after them.</summary>
    public IEnumerable<PodState> FailedPods => Of(EvidenceKind.Pod)
        .DistinctBy(pod => (pod.Source.Namespace, pod.Source.Name))
        .Select(pod => new PodState(pod))
        .Where(pod => pod.Phase == "Failed");

    public IReadOnlyList<Evidence> Events { get; }

    public IReadOnlyList<Evidence> Owners { get; }

    public IEnumerable<Evidence> Of(EvidenceKind kind) => Context.Evidence.Where(item => item.Kind == kind);

    /// <summary>The log of the run that ended last, as far as it was read.</summary>
    public Evidence? LogOfLastRun(ContainerState container)
    {
        var key = (container.Evidence.Source.Namespace, container.Pod, container.Evidence.Source.Container);

        // A terminated container that never restarted has one run: its log is the present one.
        return previousLogs.GetValueOrDefault(key) ?? (container.IsRunning ? null : logs.GetValueOrDefault(key));
    }

    /// <summary>Why a log of the container could not be read; null when none was missed.</summary>
    public string? UnreadLog(ContainerState container) => Context.Unread
        .FirstOrDefault(source => source.What.Contains("log of", StringComparison.Ordinal) && source.What.EndsWith(container.Evidence.Source.ToString(), StringComparison.Ordinal))
        ?.Reason;

    public IEnumerable<Evidence> EventsOf(string? @namespace, string name) =>
        Events.Where(item => item.Source.Name == name && item.Source.Namespace == @namespace);

    /// <summary>Events with one of <paramref name="reasons"/>, without those that ended too long ago to be about now.</summary>
    public IEnumerable<Evidence> RecentEvents(params IReadOnlyCollection<string> reasons) =>
        Events.Where(item => item.Fact(FactNames.Reason) is { } reason && reasons.Contains(reason) && IsRecent(item));

    /// <summary>Kubernetes keeps events for an hour and repeats what goes on at least every few minutes.</summary>
    public bool IsRecent(Evidence item) => item.Time is not { } time || Now - time <= TimeSpan.FromMinutes(30);

    /// <summary>The node that the container's pod runs on, where both were read.</summary>
    public NodeState? NodeOf(ContainerState container) => PodOf(container)?.Node is { } name ? Nodes.FirstOrDefault(node => node.Name == name) : null;

    /// <summary>The container's pod, where it was read.</summary>
    public PodState? PodOf(ContainerState container) =>
        Pods.FirstOrDefault(item => item.Name == container.Pod && item.Namespace == container.Evidence.Source.Namespace);

    /// <summary>The present log of the container.</summary>
    public Evidence? LogOf(ContainerState container) =>
        logs.GetValueOrDefault((container.Evidence.Source.Namespace, container.Pod, container.Evidence.Source.Container));

    /// <summary>The last firing alert whose name matches; what it complains about is told by it alone.</summary>
    public Alert? FiringAlert(Regex name) =>
        Alerts.LastOrDefault(alert => alert.Status == AlertStatus.Firing && name.IsMatch(alert.Name()));

    /// <summary>Whether a firing alert complains about more than states that the evidence shows, such as latency or error rates.</summary>
    public bool HasSymptomAlert => Alerts.Any(alert => alert.Status == AlertStatus.Firing && !Recovered.IsAboutState(alert));

    /// <summary>When the oldest alert began; null without one.</summary>
    public DateTimeOffset? Began => Alerts.Count == 0 ? null : Alerts.Min(alert => alert.StartsAt);

    /// <summary>Whether the subject or an alert's label names this object.</summary>
    public bool IsAlerted(ObjectReference item) =>
        (Subject.Kind == item.Kind && Subject.Name == item.Name)
        || Alerts.Any(alert => alert.Labels.GetValueOrDefault(item.Kind.ToLowerInvariant()) == item.Name);

    /// <summary>Whether an alert of the incident names one of these pods.</summary>
    public bool IsAlerted(IEnumerable<PodState> pods) =>
        pods.Any(pod => Alerts.Any(alert => alert.Labels.GetValueOrDefault("pod") == pod.Name));

    /// <summary>Whether an alert of the incident names this container itself.</summary>
    public bool IsAlerted(ContainerState container) => Alerts.Any(alert =>
        alert.Labels.GetValueOrDefault("container") == container.Name);

    /// <summary>
    /// How many of the subject's pods firing alerts name; only some of them may have been read. Alerts also name other pods, such as
    /// the exporter's own.
    /// </summary>
    public int AlertedPods => Alerts
        .Where(alert => alert.Status == AlertStatus.Firing)
        .Select(alert => alert.Labels.GetValueOrDefault("pod"))
        .Where(pod => pod is not null && pod.StartsWith(Subject.Name + "-", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal)
        .Count();

    public Evidence? Owner(string kind, string name) => Owners.FirstOrDefault(owner => owner.Source.Kind == kind && owner.Source.Name == name);

    public ObjectReference SubjectReference()
    {
        var uid = Context.Evidence.Select(item => item.Source)
            .FirstOrDefault(source => source.Kind == Subject.Kind && source.Name == Subject.Name && source.Namespace == Subject.Namespace && source.Uid is not null)
            ?.Uid;
        return new ObjectReference(Subject.Kind, Subject.Namespace, Subject.Name, Uid: uid);
    }

    private string? PhaseOf(ContainerState container) =>
        Of(EvidenceKind.Pod)
            .FirstOrDefault(pod => pod.Source.Name == container.Pod && pod.Source.Namespace == container.Evidence.Source.Namespace)
            ?.Facts.GetValueOrDefault(FactNames.Phase);

    private Dictionary<(string?, string, string?), Evidence> LogsOf(EvidenceKind kind) =>
        Of(kind)
            .GroupBy(item => (item.Source.Namespace, item.Source.Name, item.Source.Container))
            .ToDictionary(group => group.Key, group => group.First());
}
