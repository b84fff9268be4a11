using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class ClusterAccessTests : IAsyncLifetime
{
    private const string Rules =
        """
        {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: [{name: web}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: data}, spec: {containers: [{name: db}]}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: two, namespace: shop}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: pods}
        rules:
        - {apiGroups: [""], resources: [pods], verbs: [get, list]}
        - {apiGroups: [""], resources: ["*/log"], verbs: [get]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: nodes}, rules: [{apiGroups: ["*"], resources: [nodes], verbs: ["*"]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: one, namespace: shop}, rules: [{apiGroups: [""], resources: [configmaps], resourceNames: [one], verbs: [get]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: pods, namespace: shop}, roleRef: {kind: ClusterRole, name: pods}, subjects: [{kind: Group, name: support}, {kind: ServiceAccount, name: bot, namespace: ops}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: one, namespace: shop}, roleRef: {kind: Role, name: one}, subjects: [{kind: User, name: alice}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: nodes}, roleRef: {kind: ClusterRole, name: nodes}, subjects: [{kind: Group, name: "system:serviceaccounts:ops"}]}
        """;

    private readonly HttpClient _client = new();
    private ClusterSimulator _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterSimulator.StartAsync(Rules, cancellationToken: Cancellation);
        _client.BaseAddress = _cluster.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("alice", "GET", "api/v1/namespaces/shop/pods", 200)]
    [InlineData("alice", "GET", "api/v1/namespaces/data/pods", 403)]
    [InlineData("alice", "GET", "api/v1/pods", 403)]
    [InlineData("alice", "GET", "api/v1/namespaces/shop/pods?watch=true&resourceVersion=x", 403)]
    [InlineData("alice", "GET", "api/v1/namespaces/shop/pods/web/log", 204)]
    [InlineData("alice", "DELETE", "api/v1/namespaces/shop/pods/web", 403)]
    [InlineData("alice", "POST", "api/v1/namespaces/shop/pods/web/eviction", 403)]
    [InlineData("alice", "GET", "api/v1/namespaces/shop/configmaps/one", 200)]
    [InlineData("alice", "GET", "api/v1/namespaces/shop/configmaps/two", 403)]
    [InlineData("alice", "GET", "api/v1/nodes", 403)]
    [InlineData("bot", "GET", "api/v1/namespaces/shop/pods/web", 200)]
    [InlineData("bot", "GET", "api/v1/nodes", 200)]
    [InlineData("bot", "GET", "api/v1/namespaces/shop/configmaps/one", 403)]
    [InlineData("root", "DELETE", "api/v1/namespaces/shop/pods/web", 200)]
    public async Task Send_AsUser_IsJudgedByTheRules(string user, string method, string path, int status)
    {
        AddUsers();

        (await SendAsync(user, method, path)).Status.ShouldBe(status);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mallory")]
    public async Task Send_UnknownToken_IsUnauthorizedAndUnexpected(string? token)
    {
        AddUsers();

        (await SendAsync(token, "GET", "api/v1/namespaces/shop/pods")).Status.ShouldBe(401);
        _cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Review_OneselfWithoutUsers_MayEverythingButWhatIsForbidden()
    {
        _cluster.Forbid("pods", "shop", "delete");

        (await ReviewAsync("selfsubjectaccessreviews", null, "delete", "pods", "data")).ShouldBeTrue();
        (await ReviewAsync("selfsubjectaccessreviews", null, "delete", "pods", "shop")).ShouldBeFalse();
        (await SendAsync(null, "DELETE", "api/v1/namespaces/shop/pods/web")).Status.ShouldBe(403);
        (await SendAsync(null, "DELETE", "api/v1/namespaces/data/pods/db")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("alice", "support", "list", "pods", "shop", true)]
    [InlineData("alice", "other", "list", "pods", "shop", false)]
    [InlineData("system:serviceaccount:ops:bot", null, "list", "pods", "shop", true)]
    [InlineData("system:serviceaccount:ops:other", null, "patch", "nodes", null, true)]
    [InlineData("bob", null, "patch", "deployments", "shop", false)]
    public async Task Review_Somebody_IsAnsweredByTheRules(string user, string? group, string verb, string resource, string? ns, bool allowed)
    {
        var spec = new JsonObject { ["user"] = user };
        if (group is not null)
            spec["groups"] = new JsonArray(group);

        (await ReviewAsync("subjectaccessreviews", spec, verb, resource, ns)).ShouldBe(allowed);
        _cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no")]
    [InlineData("""{"spec":{"resourceAttributes":{"verb":"get"}}}""")]
    public async Task Review_OfNobody_IsUnexpected(string body)
    {
        (await SendAsync(null, "POST", "apis/authorization.k8s.io/v1/subjectaccessreviews", body)).Status.ShouldBeInRange(400, 422);
        _cluster.UnexpectedCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Https_Cluster_ShowsACertificateOfItsAuthority()
    {
        await using var cluster = await ClusterSimulator.StartAsync("", https: true, cancellationToken: Cancellation);
        using var authority = X509Certificate2.CreateFromPem(cluster.CertificateAuthority);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        using var trusting = new HttpClient(handler);

        cluster.Address.Scheme.ShouldBe("https");
        (await trusting.GetAsync(new Uri(cluster.Address, "version"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => _client.GetAsync(new Uri(cluster.Address, "version"), Cancellation));
        cluster.KubeconfigYaml.ShouldContain("certificate-authority-data: ");
    }

    private void AddUsers()
    {
        _cluster.AddUser("alice", "alice", "support");
        _cluster.AddUser("bot", "system:serviceaccount:ops:bot");
        _cluster.AddUser("root", "root", "system:masters");
    }

    private async Task<bool> ReviewAsync(string plural, JsonObject? spec, string verb, string resource, string? ns)
    {
        spec ??= [];
        spec["resourceAttributes"] = new JsonObject { ["verb"] = verb, ["resource"] = resource, ["group"] = "", ["namespace"] = ns };
        var (status, body) = await SendAsync(null, "POST", $"apis/authorization.k8s.io/v1/{plural}", new JsonObject { ["spec"] = spec }.ToJsonString());
        status.ShouldBe(201, body);
        return JsonNode.Parse(body).IsTrue("status", "allowed");
    }

    private async Task<(int Status, string Body)> SendAsync(string? token, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await _client.SendAsync(request, Cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
