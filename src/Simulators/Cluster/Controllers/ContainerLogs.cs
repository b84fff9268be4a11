using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Controllers;

/// <summary>The logs of the containers and what a kubelet says about them.</summary>
internal sealed partial class ContainerLogs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Namespace, string Pod, string Container, bool Previous), string> _logs = [];

    public void Set(string ns, string pod, string container, bool previous, string text)
    {
        lock (_lock)
            _logs[(ns, pod, container, previous)] = text;
    }

    /// <param name="fileName"><c>namespace/pod/container.log</c> or <c>namespace/pod/container.previous.log</c>.</param>
    /// <param name="text">What the file holds.</param>
    /// <exception cref="FormatException">It has another form.</exception>
    public void SetFile(string fileName, string text)
    {
        var match = FileName().Match(fileName);
        if (!match.Success)
            throw new FormatException($"The log file {fileName} is not named namespace/pod/container.log or .../container.previous.log.");
        var groups = match.Groups;
        Set(groups["namespace"].Value, groups["pod"].Value, groups["container"].Value, groups["previous"].Success, text);
    }

    /// <summary>The answer to <c>GET .../pods/{pod}/log</c>.</summary>
    public Answer Read(JsonObject pod, IReadOnlyDictionary<string, string> query, DateTimeOffset now)
    {
        var name = pod["metadata"]!["name"]!.GetValue<string>();
        if (InvalidOption(name, query) is { } invalid)
            return invalid;
        var containers = Names(pod, "containers");
        var initContainers = Names(pod, "initContainers");
        var container = query.GetValueOrDefault("container", "");
        if (container.Length == 0 && containers.Length != 1)
            return WhichContainer(name, containers, initContainers);
        if (container.Length == 0)
            container = containers[0];
        if (!containers.Concat(initContainers).Contains(container, StringComparer.Ordinal))
            return Status.BadRequest($"container {container} is not valid for pod {name}");

        // There is no kubelet to ask before a node is chosen: nothing, with a success.
        if (pod["spec"]?["nodeName"] is null)
            return new Answer(204, null, default);
        return ReadFromKubelet(pod, container, query, now);
    }

    private Answer ReadFromKubelet(JsonObject pod, string container, IReadOnlyDictionary<string, string> query, DateTimeOffset now)
    {
        var name = pod["metadata"]!["name"]!.GetValue<string>();
        var previous = query.GetValueOrDefault("previous") is "true" or "1";
        var status = ContainerStatus(pod, container);
        var terminatedBefore = status?["lastState"]?["terminated"] is not null;
        var waiting = status?["state"]?["waiting"];
        // Between two runs there is no current one: the kubelet shows the last, whichever is asked for.
        var isBetweenRuns = waiting is not null && terminatedBefore;
        var text = Find(pod, container, previous) ?? (isBetweenRuns ? Find(pod, container, !previous) : null);
        if (text is not null)
            return Answer.Text(200, Cut(text, query, now));
        if (status is null)
            return Status.NoSuchLog(name);
        if (previous && !terminatedBefore)
            return Status.BadRequest($"previous terminated container \"{container}\" in pod \"{name}\" not found");
        return !previous && waiting is not null && !terminatedBefore
            ? Status.BadRequest($"container \"{container}\" in pod \"{name}\" is waiting to start: {WaitingFor(waiting)}")
            : Answer.Text(200, "");
    }

    private string? Find(JsonObject pod, string container, bool previous)
    {
        var (ns, name) = (pod["metadata"]!["namespace"]!.GetValue<string>(), pod["metadata"]!["name"]!.GetValue<string>());
        lock (_lock)
            return _logs.GetValueOrDefault((ns, name, container, previous));
    }

    private static string WaitingFor(JsonNode waiting) => waiting["reason"]?.GetValue<string>() switch
    {
        "ErrImagePull" or "ImagePullBackOff" => "trying and failing to pull image",
        var reason => reason ?? "ContainerCreating",
    };

    private static JsonNode? ContainerStatus(JsonObject pod, string container) =>
        (pod["status"]?["containerStatuses"]?.AsArray() ?? [])
            .Concat(pod["status"]?["initContainerStatuses"]?.AsArray() ?? [])
            .FirstOrDefault(status => status?["name"]?.GetValue<string>() == container);

    private static string[] Names(JsonObject pod, string list) =>
        [.. (pod["spec"]?[list]?.AsArray() ?? []).Select(container => container!["name"]!.GetValue<string>())];

    private static Answer WhichContainer(string pod, string[] containers, string[] initContainers)
    {
        var text = $"a container name must be specified for pod {pod}";
        if (containers.Length > 0)
            text += $", choose one of: [{string.Join(' ', containers)}]";
        if (initContainers.Length > 0)
            text += $" or one of the init containers: [{string.Join(' ', initContainers)}]";
        return Status.BadRequest(text) with { Unexpected = "the pod has several containers" };
    }

    private static Answer? InvalidOption(string pod, IReadOnlyDictionary<string, string> query)
    {
        foreach (var (option, least, rule) in new[]
        {
            ("tailLines", 0, "must be greater than or equal to 0"),
            ("limitBytes", 1, "must be greater than 0"),
            ("sinceSeconds", 1, "must be greater than 0"),
        })
        {
            if (query.TryGetValue(option, out var value)
                && (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least))
                return Status.InvalidLogOption(pod, option, value, rule) with { Unexpected = $"{option} {rule}" };
        }

        return null;
    }

    /// <summary>In the kubelet's order: what is recent enough, of that the last lines, of these the first bytes.</summary>
    private static string Cut(string text, IReadOnlyDictionary<string, string> query, DateTimeOffset now)
    {
        var lines = Timed(text, now);
        if (query.TryGetValue("sinceSeconds", out var seconds))
            lines = lines.Where(line => line.Time >= now.AddSeconds(-long.Parse(seconds, CultureInfo.InvariantCulture)));
        if (query.TryGetValue("tailLines", out var tail))
            lines = lines.TakeLast(int.Parse(tail, CultureInfo.InvariantCulture));
        var timestamps = query.GetValueOrDefault("timestamps") is "true" or "1";
        var cut = string.Concat(lines.Select(line => timestamps ? $"{line.Time:yyyy-MM-dd'T'HH:mm:ss.fffffff}00Z {line.Text}" : line.Text));
        return query.TryGetValue("limitBytes", out var limit) ? FirstBytes(cut, int.Parse(limit, CultureInfo.InvariantCulture)) : cut;
    }

    /// <summary>A line's time is the one it begins with, else that of the line before (a stack trace belongs to its message).</summary>
    private static IEnumerable<(DateTimeOffset Time, string Text)> Timed(string text, DateTimeOffset now)
    {
        var time = now;
        foreach (var line in Lines().Matches(text).Select(match => match.Value))
        {
            if (DateTimeOffset.TryParse(line.Split(' ', 2)[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var own))
                time = own.ToUniversalTime();
            yield return (time, line);
        }
    }

    private static string FirstBytes(string text, int limit)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= limit ? text : Encoding.UTF8.GetString(bytes, 0, limit);
    }

    [GeneratedRegex(@"^(?<namespace>[^/]+)/(?<pod>[^/]+)/(?<container>[^/.]+)(?<previous>\.previous)?\.log$", RegexOptions.None, 1000)]
    private static partial Regex FileName();

    [GeneratedRegex(@"[^\n]*\n|[^\n]+$", RegexOptions.None, 1000)]
    private static partial Regex Lines();
}
