using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;

namespace AlertResponder.Tests.Unit.Simulators;

/// <summary>The simulator must answer writes and reviews as the real API server did that was recorded.</summary>
public sealed class RecordedClusterTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private ClusterSimulator _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var manifests = new[] { "01-pod-oomkilled", "10-cronjob", "11-deployment" }.Select(file => Read(file).Answer.ToJsonString());
        _cluster = await ClusterSimulator.StartAsync(string.Join("\n---\n", manifests), cancellationToken: Cancellation);
        _cluster.Apply(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: trade-bot-56774fbf4d-ml57z, namespace: trade-bot}, spec: {containers: [{name: bot}]}, status: {phase: Running}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: cardboard}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: reader, namespace: cardboard}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            subjects: [{kind: ServiceAccount, name: alert-responder-read, namespace: default}]
            """);
        _cluster.AddUser("reader", "system:serviceaccount:default:alert-responder-read");
        _cluster.AddUser("admin", "admin", "system:masters");
        _client.BaseAddress = _cluster.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("13-forbidden")]
    [InlineData("14-forbidden-secret")]
    [InlineData("15-self-subject-access-review-denied")]
    [InlineData("16-self-subject-access-review-allowed")]
    [InlineData("17-subject-access-review")]
    [InlineData("18-cronjob-strategic-patch-dry-run")]
    [InlineData("19-cronjob-strategic-patch")]
    [InlineData("20-deployment-patch-stale-resource-version")]
    [InlineData("21-deployment-json-patch-test-fails")]
    [InlineData("22-deployment-patch-invalid-quantity")]
    [InlineData("23-deployment-patch-request-over-limit")]
    [InlineData("24-deployment-patch-wrong-uid")]
    [InlineData("25-deployment-restart")]
    [InlineData("26-deployment-scale-get")]
    [InlineData("27-deployment-scale-patch-dry-run")]
    [InlineData("28-deployment-server-side-apply-conflict")]
    [InlineData("29-pod-eviction-allowed")]
    [InlineData("30-pod-delete-precondition-wrong-uid")]
    [InlineData("33-namespace-not-found-create")]
    [InlineData("34-bad-json-patch-body")]
    [InlineData("35-unsupported-media-type")]
    public async Task Send_RecordedRequest_IsAnsweredAsRecorded(string file)
    {
        var (method, path, headers, body, status, expected) = Read(file);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", headers.ContainsKey("Impersonate-User") ? "reader" : "admin");
        request.Headers.UserAgent.ParseAdd("kubectl/v1.32");
        if (headers.TryGetValue("Content-Type", out var contentType))
            request.Content = new StringContent(body, new MediaTypeHeaderValue(contentType));

        using var answer = await _client.SendAsync(request, Cancellation);

        ((int)answer.StatusCode).ShouldBe(status);
        var actual = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        ShouldBe(WithoutChance(actual), WithoutChance(expected));
    }

    private static void ShouldBe(JsonNode actual, JsonNode expected) => actual.ToJsonString(Indented).ShouldBe(expected.ToJsonString(Indented));

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Without what is another in every run, and the order of fields below metadata, spec and status.</summary>
    private static JsonNode WithoutChance(JsonNode node)
    {
        if (node["metadata"] is JsonObject metadata)
            metadata.Remove("resourceVersion");
        foreach (var entry in node["metadata"]?["managedFields"]?.AsArray() ?? [])
            entry!.AsObject().Remove("time");
        return Sorted(node)!;
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static Recording Read(string file)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Clients", "Kubernetes", "recorded", file + ".http"), Encoding.UTF8).ReplaceLineEndings("\n");
        var middle = text.IndexOf("\nHTTP/1.1 ", StringComparison.Ordinal);
        var (head, body) = Split(text[..middle]);
        var (answerHead, answer) = Split(text[(middle + 1)..]);
        var first = head[0].Split(' ');
        return new Recording(
            first[0],
            first[1],
            head.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase),
            body,
            int.Parse(answerHead[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            JsonNode.Parse(answer)!);
    }

    private static (string[] Head, string Body) Split(string message)
    {
        var parts = message.Split("\n\n", 2);
        return (parts[0].Split('\n'), parts.ElementAtOrDefault(1)?.Trim() ?? "");
    }

    private sealed record Recording(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, int Status, JsonNode Answer);
}
