using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster;

/// <summary>
/// A Kubernetes API server (v1.32) that is read only over HTTP: objects come from manifests and from the methods here. Asking for what
/// does not exist, for a group that isn't installed, or for what is <see cref="Forbid"/>den is in order; what no client should ask
/// (a write, a watch, an unknown path, a bad selector, bad credentials) is an unexpected call.
/// </summary>
public sealed class ClusterSimulator : Simulator
{
    private readonly Lock _lock = new();
    private readonly List<Denial> _denials = [];
    private readonly ContainerLogs _logs = new();
    private readonly ObjectStore _store;
    private readonly string? _token;

    private ClusterSimulator(string? token, TimeProvider? time, IPEndPoint? listenOn)
        : base(time, listenOn)
    {
        _token = token;
        _store = new ObjectStore(Time);
    }

    /// <summary>Who the caller is, in the words of a refusal.</summary>
    public string User { get; set; } = "system:serviceaccount:alert-responder:alert-responder";

    /// <summary>
    /// A kubeconfig of this cluster with one context, for kubectl and other clients. kubectl sends no token over plain HTTP: it needs a
    /// cluster without one.
    /// </summary>
    public string KubeconfigYaml =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: simulator
        clusters:
        - name: simulator
          cluster:
            server: {Address.GetLeftPart(UriPartial.Authority)}
        contexts:
        - name: simulator
          context:
            cluster: simulator
            user: simulator
        users:
        - name: simulator
          user: {$"{{token: \"{_token ?? "anybody"}\"}}"}

        """;

    /// <summary>Starts a cluster.</summary>
    /// <param name="manifests">
    /// A folder as of <see cref="Story.FromDirectory"/>, or YAML documents themselves; empty for an empty cluster.
    /// </param>
    /// <param name="token">The bearer token that callers must send; null to let everybody in.</param>
    /// <param name="time">The clock of relative times and recorded requests.</param>
    /// <param name="listenOn">Null for a free port of the loopback interface.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<ClusterSimulator> StartAsync(
        string manifests,
        string? token = null,
        TimeProvider? time = null,
        IPEndPoint? listenOn = null,
        CancellationToken cancellationToken = default) =>
        StartAsync(
            Directory.Exists(manifests) ? Story.FromDirectory(manifests) : new Story(manifests, new Dictionary<string, string>()),
            token,
            time,
            listenOn,
            cancellationToken);

    /// <summary>Starts a cluster.</summary>
    /// <param name="story">What it holds.</param>
    /// <param name="token">The bearer token that callers must send; null to let everybody in.</param>
    /// <param name="time">The clock of relative times and recorded requests.</param>
    /// <param name="listenOn">Null for a free port of the loopback interface.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ClusterSimulator> StartAsync(
        Story story,
        string? token = null,
        TimeProvider? time = null,
        IPEndPoint? listenOn = null,
        CancellationToken cancellationToken = default)
    {
        var cluster = new ClusterSimulator(token, time, listenOn);
        try
        {
            cluster.Apply("{apiVersion: v1, kind: Namespace, metadata: {name: default}, status: {phase: Active}}");
            cluster.Apply(story.Manifests);
            foreach (var (file, text) in story.Logs)
                cluster._logs.SetFile(file, RelativeTime.Expand(text, cluster.Time.GetUtcNow()));
            await cluster.ListenAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes the objects of YAML documents, or puts them in the place of what they are now (keeping uid and creation time unless given).
    /// </summary>
    /// <param name="yaml">Documents with status; times may be relative.</param>
    /// <exception cref="FormatException">A document is no Kubernetes object.</exception>
    public void Apply(string yaml) => _store.Apply(yaml);

    /// <summary>Removes an object; what it owns stays.</summary>
    /// <param name="kind">For instance <c>Pod</c>.</param>
    /// <param name="namespace">Null for cluster-scoped kinds.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such object.</exception>
    public void Delete(string kind, string? @namespace, string name)
    {
        if (!_store.Delete(kind, @namespace, name))
            throw new KeyNotFoundException($"There is no {kind} {@namespace}/{name}.");
    }

    /// <summary>Sets what a container has logged.</summary>
    /// <param name="namespace">Of the pod.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="container">The container, or init container.</param>
    /// <param name="text">The whole log; times may be relative.</param>
    /// <param name="previous">True for the run before the present one.</param>
    public void SetLog(string @namespace, string pod, string container, string text, bool previous = false) =>
        _logs.Set(@namespace, pod, container, previous, RelativeTime.Expand(text, Time.GetUtcNow()));

    /// <summary>Takes a right away from the caller: such requests are answered 403.</summary>
    /// <param name="resource">For instance <c>pods</c>, <c>pods/log</c> (which <c>pods</c> does not include).</param>
    /// <param name="namespace">Where; null for everywhere.</param>
    /// <param name="verb"><c>get</c> or <c>list</c>; null for both.</param>
    public void Forbid(string resource, string? @namespace = null, string? verb = null)
    {
        lock (_lock)
            _denials.Add(new Denial(resource, @namespace, verb));
    }

    /// <summary>Writes <see cref="KubeconfigYaml"/>.</summary>
    /// <param name="path">The file, made or overwritten.</param>
    public void WriteKubeconfig(string path) => File.WriteAllText(path, KubeconfigYaml);

    private protected override IEnumerable<KeyValuePair<string, string>> CommonHeaders() =>
    [
        new("Audit-Id", Guid.NewGuid().ToString()),
        new("Cache-Control", "no-cache, private"),
    ];

    private protected override ValueTask<Answer> AnswerAsync(RecordedRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Route(request));

    private Answer Route(RecordedRequest request)
    {
        if (_token is not null && request.Header("Authorization") != $"Bearer {_token}")
            return Status.Unauthorized() with { Unexpected = "the bearer token is missing or wrong" };
        if (request.Method != "GET")
            return Status.MethodNotAllowed() with { Unexpected = "this cluster is read only" };
        return request.Path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray() switch
        {
            ["version"] => Discovery.Version(),
            ["healthz" or "livez" or "readyz", ..] => Answer.Text(200, "ok", "text/plain; charset=utf-8"),
            ["api"] => Discovery.CoreVersions(Address),
            ["apis"] => Discovery.Groups(_store.Types),
            ["apis", var group] => Discovery.OneGroup(_store.Types, group) ?? NoSuchGroup(group),
            ["api", var version] => Discovery.Resources(_store.Types, "", version) ?? NoSuchGroup(""),
            ["apis", var group, var version] => Discovery.Resources(_store.Types, group, version) ?? NoSuchGroup(group),
            ["api", var version, .. var rest] => RouteResource(request, "", version, rest),
            ["apis", var group, var version, .. var rest] => RouteResource(request, group, version, rest),
            _ => Status.NoSuchPath() with { Unexpected = "there is no such path" },
        };
    }

    /// <summary>
    /// A group of a custom resource may be missing, and asking is how a client learns of it; Kubernetes' own are always there.
    /// </summary>
    private Answer NoSuchGroup(string group) =>
        Status.NoSuchPath() with { Unexpected = _store.IsBuiltInGroup(group) ? "Kubernetes has no such group and version" : null };

    private Answer RouteResource(RecordedRequest request, string group, string version, string[] path)
    {
        if (Discovery.Resources(_store.Types, group, version) is null)
            return NoSuchGroup(group);
        // .../namespaces/x/pods is inside of a namespace; .../namespaces/x and .../namespaces/x/status are about it.
        var isInside = path is ["namespaces", _, not ("status" or "finalize"), ..];
        var (ns, rest) = isInside ? (path[1], path[2..]) : (null, path);
        var (name, subresource) = (rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2));
        // Only a list may leave the namespace of a namespaced kind open.
        if (rest.Length > 3
            || _store.FindType(group, version, rest[0]) is not { } type
            || (type.Namespaced ? !isInside && name is not null : isInside))
        {
            return Status.NoSuchResource() with { Unexpected = "there is no such resource" };
        }

        var verb = name is null ? "list" : "get";
        if (IsForbidden(subresource is null ? type.Plural : $"{type.Plural}/{subresource}", ns, verb))
            return Status.Forbidden(User, verb, type, subresource, ns, name);
        if (subresource != "log" && !AcceptsJson(request))
            return Status.NotAcceptable() with { Unexpected = $"answers are JSON, not {request.Header("Accept")}" };
        return name is null ? List(request, type, ns) : Get(request, type, ns, name, subresource);
    }

    private static bool AcceptsJson(RecordedRequest request) =>
        request.Header("Accept") is not { Length: > 0 } accept
        || accept.Contains("json", StringComparison.Ordinal)
        || accept.Contains("*/*", StringComparison.Ordinal);

    private bool IsForbidden(string resource, string? ns, string verb)
    {
        lock (_lock)
            return _denials.Exists(denial => denial.Covers(resource, ns, verb));
    }

    private Answer Get(RecordedRequest request, ResourceType type, string? ns, string name, string? subresource)
    {
        if (_store.Find(type, ns, name) is not { } item)
            return Status.NotFound(type, name);
        return subresource switch
        {
            null or "status" => Answer.Json(200, item),
            "log" when type.Kind == "Pod" => _logs.Read(item, request.Query, Time.GetUtcNow()),
            "scale" when type.Scales => Answer.Json(200, ObjectShapes.Scale(item)),
            _ => Status.NoSuchResource() with { Unexpected = $"{type.Plural} have no subresource {subresource}" },
        };
    }

    private Answer List(RecordedRequest request, ResourceType type, string? ns)
    {
        var query = request.Query;
        if (query.GetValueOrDefault("watch") is "true" or "1")
            return Status.MethodNotAllowed() with { Unexpected = "this cluster can't be watched" };
        try
        {
            var page = _store.List(
                type,
                ns,
                Selectors(query, type.Kind),
                query.TryGetValue("limit", out var limit) ? int.Parse(limit, CultureInfo.InvariantCulture) : null,
                query.TryGetValue("continue", out var token) && token.Length > 0 ? ContinueToken.ReadLastKey(token) : null);
            return Answer.Json(200, ObjectShapes.List(type, page));
        }
        catch (FormatException exception)
        {
            return Status.BadRequest(exception.Message) with { Unexpected = exception.Message };
        }
    }

    private static Func<JsonObject, bool>? Selectors(IReadOnlyDictionary<string, string> query, string kind)
    {
        var (labels, fields) = (query.GetValueOrDefault("labelSelector", ""), query.GetValueOrDefault("fieldSelector", ""));
        if (labels.Length == 0 && fields.Length == 0)
            return null;
        var (labelSelector, fieldSelector) = (LabelSelector.Parse(labels), FieldSelector.Parse(fields, kind));
        return item => labelSelector.Matches(item) && fieldSelector.Matches(item);
    }

    private sealed record Denial(string Resource, string? Namespace, string? Verb)
    {
        public bool Covers(string resource, string? ns, string verb) =>
            Resource == resource && (Namespace is null || Namespace == ns) && (Verb is null || Verb == verb);
    }
}
