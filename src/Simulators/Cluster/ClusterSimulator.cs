using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Controllers;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Simulators.Snapshots;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster;

/// <summary>
/// A Kubernetes API server (v1.32) with the controllers that matter: objects come from manifests, from the methods here, and over HTTP.
/// Being told that something doesn't exist, isn't installed, is forbidden, has changed meanwhile or is invalid is in order; what no
/// client should ask (an unknown path, a bad selector or body, bad credentials) is an unexpected call.
/// </summary>
public sealed class ClusterSimulator : Simulator
{
    private readonly Lock _lock = new();
    private readonly List<Denial> _denials = [];
    private readonly ContainerLogs _logs = new();
    private readonly Dictionary<string, Caller> _users = new(StringComparer.Ordinal);
    private readonly ObjectStore _store;
    private readonly PodMaker _pods;
    private readonly ControllerManager _controllers;
    private readonly ObjectWrites _writes;
    private readonly AccessRules _access;
    private readonly ServerIdentity? _identity;
    private readonly string? _token;

    private ClusterSimulator(string? token, TimeProvider? time, IPEndPoint? listenOn, ServerIdentity? identity)
        : base(time, listenOn, identity?.Certificate)
    {
        _token = token;
        _identity = identity;
        _store = new ObjectStore(Time);
        _pods = new PodMaker(_store, _logs, Time);
        _controllers = new ControllerManager(_store, _pods, Time);
        _writes = new ObjectWrites(_store, Time, _controllers);
        _access = new AccessRules(_store);
    }

    /// <summary>Who the caller is, in the words of a refusal, as long as there are no users.</summary>
    public string User { get; set; } = "system:serviceaccount:alert-responder:alert-responder";

    /// <summary>
    /// A kubeconfig of this cluster with one context, for kubectl and other clients. kubectl sends no token over plain HTTP: it needs a
    /// cluster without one, or one with HTTPS.
    /// </summary>
    public string KubeconfigYaml => KubeconfigYamlOf(_token ?? "anybody");

    /// <summary>PEM of the authority that signed the server's certificate; null over plain HTTP.</summary>
    public string? CertificateAuthority => _identity?.AuthorityPem;

    /// <summary>Starts a cluster.</summary>
    /// <param name="manifests">
    /// A folder as of <see cref="Story.FromDirectory"/>, or YAML documents themselves; empty for an empty cluster.
    /// </param>
    /// <param name="token">The bearer token that callers must send; null to let everybody in.</param>
    /// <param name="time">The clock of relative times and recorded requests.</param>
    /// <param name="listenOn">Null for a free port of the loopback interface.</param>
    /// <param name="https">Whether to serve HTTPS, with a certificate whose authority is in the kubeconfig.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<ClusterSimulator> StartAsync(
        string manifests,
        string? token = null,
        TimeProvider? time = null,
        IPEndPoint? listenOn = null,
        bool https = false,
        CancellationToken cancellationToken = default) =>
        StartAsync(
            Directory.Exists(manifests) ? Story.FromDirectory(manifests) : new Story(manifests, new Dictionary<string, string>()),
            token,
            time,
            listenOn,
            https,
            cancellationToken);

    /// <summary>Starts a cluster.</summary>
    /// <param name="story">What it holds.</param>
    /// <param name="token">The bearer token that callers must send; null to let everybody in.</param>
    /// <param name="time">The clock of relative times and recorded requests.</param>
    /// <param name="listenOn">Null for a free port of the loopback interface.</param>
    /// <param name="https">Whether to serve HTTPS, with a certificate whose authority is in the kubeconfig.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ClusterSimulator> StartAsync(
        Story story,
        string? token = null,
        TimeProvider? time = null,
        IPEndPoint? listenOn = null,
        bool https = false,
        CancellationToken cancellationToken = default)
    {
        var cluster = new ClusterSimulator(token, time, listenOn, https ? ServerIdentity.Make() : null);
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

    /// <summary>Starts a cluster that is as a snapshot shows it, and stays so until somebody writes to it.</summary>
    /// <param name="snapshot">What it holds.</param>
    /// <param name="time">The clock of recorded requests and logs.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ClusterSimulator> StartAsync(ClusterSnapshot snapshot, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var cluster = await StartAsync(new Story("", new Dictionary<string, string>()), time: time, cancellationToken: cancellationToken);
        cluster._store.Apply(snapshot.Objects, anyKind: true);
        foreach (var log in snapshot.Logs)
            cluster._logs.Set(log.Namespace, log.Pod, log.Container, log.Previous, log.Text);
        return cluster;
    }

    /// <summary>
    /// Makes the objects of YAML documents, or puts them in the place of what they are now (keeping uid and creation time unless given).
    /// </summary>
    /// <param name="yaml">Documents with status; times may be relative.</param>
    /// <exception cref="FormatException">A document is no Kubernetes object.</exception>
    public void Apply(string yaml) => _store.Apply(yaml);

    /// <summary>
    /// Adds somebody who is known by a bearer token and may do what the roles and bindings among the objects say (members of
    /// <c>system:masters</c> everything). As soon as there is one, callers without a known token are turned away.
    /// </summary>
    /// <param name="token">Sent as <c>Authorization: Bearer</c>.</param>
    /// <param name="name">For a service account <c>system:serviceaccount:namespace:name</c>.</param>
    /// <param name="groups">Beside <c>system:authenticated</c>, and a service account's own.</param>
    public void AddUser(string token, string name, params string[] groups)
    {
        lock (_lock)
            _users[token] = new Caller(name, groups);
    }

    /// <summary>What the pods of a workload will do that are made from now on, whoever of its descendants makes them.</summary>
    /// <param name="kind">For instance <c>Deployment</c> or <c>CronJob</c>.</param>
    /// <param name="namespace">The workload's.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The workload's one script, to add to.</returns>
    public PodScript OnTemplate(string kind, string @namespace, string name) => _pods.Script(kind, @namespace, name);

    /// <summary>
    /// Lets the time until a CronJob's next run pass: a run that kept failing has used up its tries, and a new one is made and has run as
    /// far as its pods come.
    /// </summary>
    /// <param name="namespace">The CronJob's.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The new Job's name; null when the CronJob is suspended.</returns>
    /// <exception cref="KeyNotFoundException">There is no such CronJob.</exception>
    public string? RunCronJob(string @namespace, string name) => _store.Exclusively(() => _controllers.RunCronJob(
        _store.Find("CronJob", @namespace, name) ?? throw new KeyNotFoundException($"There is no CronJob {@namespace}/{name}.")));

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
    /// <param name="verb">For instance <c>get</c>, <c>list</c> or <c>patch</c>; null for all.</param>
    public void Forbid(string resource, string? @namespace = null, string? verb = null)
    {
        lock (_lock)
            _denials.Add(new Denial(resource, @namespace, verb));
    }

    /// <summary>Writes <see cref="KubeconfigYaml"/>.</summary>
    /// <param name="path">The file, made or overwritten.</param>
    /// <param name="token">Of the user in it; null for the cluster's own.</param>
    public void WriteKubeconfig(string path, string? token = null) =>
        File.WriteAllText(path, token is null ? KubeconfigYaml : KubeconfigYamlOf(token));

    private protected override IEnumerable<KeyValuePair<string, string>> CommonHeaders() =>
    [
        new("Audit-Id", Guid.NewGuid().ToString()),
        new("Cache-Control", "no-cache, private"),
    ];

    private protected override ValueTask<Answer> AnswerAsync(RecordedRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Route(request));

    private string KubeconfigYamlOf(string token) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: simulator
        clusters:
        - name: simulator
          cluster:
            server: {Address.GetLeftPart(UriPartial.Authority)}{AuthorityYaml}
        contexts:
        - name: simulator
          context:
            cluster: simulator
            user: simulator
        users:
        - name: simulator
          user: {$"{{token: \"{token}\"}}"}

        """;

    private string AuthorityYaml => CertificateAuthority is { } pem
        ? $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}"
        : "";

    private Answer Route(RecordedRequest request)
    {
        if (!Authenticate(request, out var caller))
            return Status.Unauthorized() with { Unexpected = "the bearer token is missing or wrong" };
        var path = request.Path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        try
        {
            return path switch
            {
                ["api", var version, _, ..] => RouteResource(request, caller, "", version, path[2..]),
                ["apis", var group, var version, _, ..] => RouteResource(request, caller, group, version, path[3..]),
                _ when request.Method != "GET" => Status.MethodNotAllowed() with { Unexpected = "there is nothing to write" },
                _ => RouteDiscovery(request, path),
            };
        }
        catch (RejectedException rejected)
        {
            return rejected.Answer;
        }
    }

    private Answer RouteDiscovery(RecordedRequest request, string[] path) => path switch
    {
        ["version"] => Discovery.Version(),
        ["healthz" or "livez" or "readyz", ..] => Answer.Text(200, "ok", "text/plain; charset=utf-8"),
        // Without schemas clients go by those that they know themselves.
        ["openapi", "v2"] => OpenApiDocument.For(request, _store.Types) ?? Status.NoSuchPath(),
        ["openapi", ..] => Status.NoSuchPath(),
        ["api"] => Discovery.CoreVersions(Address),
        ["apis"] => Discovery.Groups(_store.Types),
        ["apis", var group] => Discovery.OneGroup(_store.Types, group) ?? NoSuchGroup(group),
        ["api", var version] => Discovery.Resources(_store.Types, "", version) ?? NoSuchGroup(""),
        ["apis", var group, var version] => Discovery.Resources(_store.Types, group, version) ?? NoSuchGroup(group),
        _ => Status.NoSuchPath() with { Unexpected = "there is no such path" },
    };

    /// <param name="request">What came.</param>
    /// <param name="caller">Null for somebody who may everything.</param>
    private bool Authenticate(RecordedRequest request, out Caller? caller)
    {
        caller = null;
        var token = request.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : null;
        if (_token is not null && token == _token)
            return true;
        lock (_lock)
            return token is not null && _users.TryGetValue(token, out caller) || (_token is null && _users.Count == 0);
    }

    /// <summary>
    /// A group of a custom resource may be missing, and asking is how a client learns of it; Kubernetes' own are always there.
    /// </summary>
    private Answer NoSuchGroup(string group) =>
        Status.NoSuchPath() with { Unexpected = _store.IsBuiltInGroup(group) ? "Kubernetes has no such group and version" : null };

    private Answer RouteResource(RecordedRequest request, Caller? caller, string group, string version, string[] path)
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
            || (type.Namespaced ? !isInside && (name is not null || request.Method != "GET") : isInside)
            || !HasSubresource(type, subresource))
        {
            return Status.NoSuchResource() with { Unexpected = "there is no such resource" };
        }

        var target = new Target(type, ns, name, subresource);
        if (Verb(request, target) is not { } verb)
            return Status.MethodNotAllowed() with { Unexpected = $"{request.Method} is not for {rest[0]}" };
        var access = new Access(verb, group, subresource is null ? type.Plural : $"{type.Plural}/{subresource}", ns, name);
        if (Reason(caller, access) is null)
            return Status.Forbidden(caller?.Name ?? User, verb, type, subresource, ns, name);
        if (subresource != "log" && !AcceptsJson(request))
            return Status.NotAcceptable() with { Unexpected = $"answers are JSON, not {request.Header("Accept")}" };
        return verb switch
        {
            "get" => Get(request, target),
            "list" => List(request, target),
            "watch" => Watch(request, target),
            "create" when type.IsReview => AccessReviews.Answer(type, request, (who, asked) => Review(caller, who, asked), Time.GetUtcNow()),
            "create" when subresource is "eviction" => _writes.Evict(target, request),
            "create" => _writes.Create(target, request),
            "update" => _writes.Replace(target, request),
            "patch" => _writes.Patch(target, request),
            _ => _writes.Delete(target, request),
        };
    }

    private static bool HasSubresource(ResourceType type, string? subresource) => subresource switch
    {
        null => true,
        "status" => type.HasStatus,
        "log" or "eviction" => type.Kind == "Pod",
        "scale" => type.Scales,
        _ => false,
    };

    /// <summary>What a request wants, in the words of the rules of access; null when the resource has no such method.</summary>
    private static string? Verb(RecordedRequest request, Target target) => (request.Method, target) switch
    {
        ("POST", { Type.IsReview: true, Name: null }) => "create",
        (_, { Type.IsReview: true }) => null,
        ("POST", { Subresource: "eviction" }) or ("POST", { Name: null }) => "create",
        (_, { Subresource: "eviction" }) => null,
        ("GET", { Name: null }) => IsOn(request, "watch") ? "watch" : "list",
        ("GET", _) => "get",
        (_, { Subresource: "log" } or { Name: null }) => null,
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", { Subresource: null }) => "delete",
        _ => null,
    };

    private static bool IsOn(RecordedRequest request, string option) => request.Query.GetValueOrDefault(option) is "true" or "1";

    /// <summary>Why it is allowed; null when it isn't.</summary>
    private string? Reason(Caller? caller, Access access) =>
        IsForbidden(access) ? null : caller is null ? "" : _access.Reason(caller, access);

    /// <summary>About others the rules always tell, once there are any.</summary>
    private string? Review(Caller? caller, Caller? who, Access access)
    {
        if (who is null)
            return Reason(caller, access);
        lock (_lock)
        {
            if (_users.Count == 0 && !_access.HasBindings)
                return "";
        }

        return _access.Reason(who, access);
    }

    private static bool AcceptsJson(RecordedRequest request) =>
        request.Header("Accept") is not { Length: > 0 } accept
        || accept.Contains("json", StringComparison.Ordinal)
        || accept.Contains("*/*", StringComparison.Ordinal);

    private bool IsForbidden(Access access)
    {
        lock (_lock)
            return _denials.Exists(denial => denial.Covers(access.Resource, access.Namespace, access.Verb));
    }

    private Answer Get(RecordedRequest request, Target target)
    {
        if (_store.Find(target.Type, target.Namespace, target.Name!) is not { } item)
            return Status.NotFound(target.Type, target.Name!);
        return target.Subresource switch
        {
            "log" => _logs.Read(item, request.Query, Time.GetUtcNow()),
            "scale" => Answer.Json(200, ObjectShapes.Scale(item)),
            _ when WantsTable(request) => Answer.Json(200, Tables.Of(target.Type, [item], [], Time.GetUtcNow())),
            _ => Answer.Json(200, item),
        };
    }

    private Answer List(RecordedRequest request, Target target)
    {
        var query = request.Query;
        try
        {
            var page = _store.List(
                target.Type,
                target.Namespace,
                Selectors(query, target.Type.Kind),
                query.TryGetValue("limit", out var limit) ? int.Parse(limit, CultureInfo.InvariantCulture) : null,
                query.TryGetValue("continue", out var token) && token.Length > 0 ? ContinueToken.ReadLastKey(token) : null);
            return Answer.Json(200, WantsTable(request)
                ? Tables.Of(target.Type, page.Items, ObjectShapes.ListMetadata(page), Time.GetUtcNow())
                : ObjectShapes.List(target.Type, page));
        }
        catch (FormatException exception)
        {
            return Status.BadRequest(exception.Message) with { Unexpected = exception.Message };
        }
    }

    private Answer Watch(RecordedRequest request, Target target)
    {
        try
        {
            var matches = Selectors(request.Query, target.Type.Kind);
            var watch = new ObjectWatch(
                _store,
                Time,
                change => change.Type == target.Type
                    && (target.Namespace is null || change.Item.Namespace() == target.Namespace)
                    && matches?.Invoke(change.Item) != false,
                item => WantsTable(request) ? Tables.Of(target.Type, [item], [], Time.GetUtcNow()) : item);
            var timeout = request.Query.TryGetValue("timeoutSeconds", out var seconds) ? int.Parse(seconds, CultureInfo.InvariantCulture) : (int?)null;
            var from = long.Parse(request.Query.GetValueOrDefault("resourceVersion") is { Length: > 0 } version ? version : "0", CultureInfo.InvariantCulture);
            return new Answer(200, "application/json", default) { Stream = (body, ended) => watch.WriteAsync(body, from, timeout, ended) };
        }
        catch (FormatException exception)
        {
            return Status.BadRequest(exception.Message) with { Unexpected = exception.Message };
        }
    }

    private static bool WantsTable(RecordedRequest request) =>
        request.Header("Accept")?.Split(',').Any(accepted => accepted.Contains("as=Table", StringComparison.Ordinal) && accepted.Contains("v=v1;", StringComparison.Ordinal)) == true;

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
