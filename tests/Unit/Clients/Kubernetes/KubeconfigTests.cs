using AlertResponder.Connections.Kubernetes;
using AlertResponder.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using k8s;
using k8s.Exceptions;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>What a kubeconfig makes of the client, or why it is refused. An end-to-end test compares the same files with kubectl.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private const string Cluster = "server: http://127.0.0.1:6443";
    private const string Unreachable = "server: https://127.0.0.1:1";

    private readonly KubeconfigFolder _folder = new();
    private readonly SelfMadeCertificates _certificates = new();

    /// <summary>Files as people have them: the path that is asked and the headers, or what the refusal names.</summary>
    public static TheoryData<string, string?, string?> Files => new()
    {
        { "bom", "Authorization: Bearer kubeconfig-user-abc:xyz", null },
        { "crlf", "Authorization: Bearer kubeconfig-user-abc:xyz", null },
        { "extensions", "Authorization: Bearer kubeconfig-user-abc:xyz", null },
        { "json-kubeconfig", "Authorization: Bearer kubeconfig-user-abc:xyz", null },
        { "rancher", "Authorization: Bearer kubeconfig-user-abc:xyz", null },
        { "rancher-path", "/k8s/clusters/c-m-abc Authorization: Bearer kubeconfig-user-abc:xyz", null },
        { "impersonate", "Authorization: Bearer anybody, Impersonate-Group: x, Impersonate-User: viewer", null },
        { "context-no-user", "", null },
        { "empty-user", "", null },
        { "null-users", "", null },
        { "exec-ok", "Authorization: Bearer --region/eu-west-1/shop", null },
        { "exec-null-env", "Authorization: Bearer --region/eu-west-1/", null },
        { "exec-relative", "Authorization: Bearer --region/eu-west-1/shop", null },
        { "exec-v1alpha1", null, "The user arn:aws:eks:eu-west-1:111122223333:cluster/shop of {file} has an exec plug-in of apiVersion client.authentication.k8s.io/v1alpha1. Set it to" },
        { "gke-plugin", null, "has the exec plug-in no-such-plugin, which is not installed here (Install gke-gcloud-auth-plugin for use with kubectl by following https://cloud.google.com/x). Install it" },
        { "gcp-auth-provider", null, "The user gke of {file} has the auth-provider gcp, which nobody can renew here. Use an exec plug-in" },
        { "oidc-auth-provider", null, "The user gke of {file} has the auth-provider oidc" },
        { "ca-missing", null, "The cluster shop-node1 of {file} has a certificate authority that cannot be read (Could not find file '{folder}/ca.crt')" },
        { "ca-redacted", null, "The cluster shop-node1 of {file} has a certificate authority that cannot be read" },
        { "data-omitted", null, "The user shop of {file} has a client certificate that cannot be used" },
        { "empty", null, "It has no current context. Choose one with `kubectl config use-context`" },
        { "empty-current-context", null, "It has no current context." },
        { "no-current-context", null, "It has no current context." },
        { "wrong-context", null, "Its current context gone is not among its contexts (shop, shop-node1)." },
        { "null-server", null, "The cluster shop-node1 of {file} has no server. Set it" },
    };

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Connect_FileAsPeopleHaveIt_IsObeyedOrRefusedWithTheMend(string name, string? asked, string? refusal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.StartsWith("exec", StringComparison.Ordinal), "The plug-in is a shell script");
        await using var server = await StartAsync();
        var file = CopyOf(name, server.Url);

        if (refusal is not null)
        {
            Refusal(file).ShouldContain(refusal.Replace("{file}", file, StringComparison.Ordinal).Replace("{folder}", _folder.Path, StringComparison.Ordinal));
            return;
        }

        Problem(file).ShouldBeNull();
        await ReadAsync(file);
        var request = server.Requests.ShouldHaveSingleItem();
        var headers = request.Headers.Where(header => header.Key is "Authorization" || header.Key.StartsWith("Impersonate-", StringComparison.Ordinal))
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}");
        $"{request.Target.Replace("/api/v1/nodes/a", "", StringComparison.Ordinal)} {string.Join(", ", headers)}".Trim().ShouldBe(asked);
    }

    [Fact]
    public async Task Connect_ProxyUrl_IsTheWay()
    {
        await using var server = await StartAsync();
        await using var proxy = await StartAsync();
        var refused = await Record.ExceptionAsync(() => ReadAsync(CopyOf("proxy-url", server.Url)));
        refused.ShouldBeOfType<HttpRequestException>();
        server.Requests.ShouldBeEmpty();

        await ReadAsync(_folder.WriteKubeconfig($"server: {server.Url}\nproxy-url: http://me:s%40cret@{proxy.Url.Authority}", "token: t"));

        server.Requests.ShouldBeEmpty();
        proxy.Requests.ShouldHaveSingleItem().Target.ShouldBe($"{server.Url}api/v1/nodes/a");
    }

    [Fact]
    public async Task Connect_Impersonation_IsInTheHeadersOfEachRequest()
    {
        await using var server = await StartAsync();
        var file = _folder.WriteKubeconfig(
            $"server: {server.Url}",
            "token: admin\nas: viewer\nas-uid: u-1\nas-groups: [a, b]\nas-user-extra: { 'example.com/why': [x, y] }");
        using var client = BuiltClient.Of(file);

        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
        await client.CoreV1.PatchNodeAsync(new k8s.Models.V1Patch("{}", k8s.Models.V1Patch.PatchType.MergePatch), "a", cancellationToken: TestContext.Current.CancellationToken);

        server.Requests.Count.ShouldBe(2);
        foreach (var request in server.Requests)
        {
            request.Headers["Impersonate-User"].ShouldBe("viewer");
            request.Headers["Impersonate-Uid"].ShouldBe("u-1");
            request.Headers["Impersonate-Group"].Split(',').Select(group => group.Trim()).ShouldBe(["a", "b"]);
            request.Headers["Impersonate-Extra-example.com%2Fwhy"].Split(',').Select(group => group.Trim()).ShouldBe(["x", "y"]);
        }
    }

    [Theory]
    [InlineData("token: t\nas-groups: [a]", "without as")]
    [InlineData("token: t\nas: \"a\\nX: y\"", "does not fit into a header")]
    [InlineData("token: t\nusername: me\npassword: p", "both a token and a user name")]
    [InlineData("token: \"a b\"", "characters that no token has")]
    [InlineData("{}", "has no credentials")]
    [InlineData("tokenFile: nowhere", "which is not there")]
    [InlineData("client-certificate: only.crt", "without its key")]
    [InlineData("client-key: only.key", "without its certificate")]
    [InlineData("client-certificate: none.crt\nclient-key: none.key", "none.crt")]
    [InlineData("client-certificate-data: '%%%'\nclient-key-data: '%%%'", "cannot be used")]
    [InlineData("client-certificate-data: bm9uZQ==\nclient-key-data: bm9uZQ==", "cannot be used")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1 }", "without a command")]
    [InlineData("exec: { command: 'true' }", "apiVersion nothing")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: ./none }", "not installed")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: sh, interactiveMode: Always }", "interactiveMode Always")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: sh, env: [{ value: x }] }", "env entry without a name")]
    public void Connect_UserThatCannotBeUsed_SaysWhy(string user, string why)
    {
        var file = _folder.WriteKubeconfig(Unreachable, user);

        Refusal(file).ShouldContain(why);
        Refusal(file).ShouldContain($"The user u of {file}");
    }

    [Fact]
    public void Connect_KeyOfAnotherCertificate_SaysWhy()
    {
        var (certificate, _) = _certificates.Client("one");
        var (_, key) = _certificates.Client("two");

        Refusal(_folder.WriteKubeconfig(
            Unreachable, $"client-certificate-data: {SelfMadeCertificates.Base64(certificate)}\nclient-key-data: {SelfMadeCertificates.Base64(key)}")).ShouldContain("cannot be used");
    }

    [Theory]
    [InlineData("server: 'https://'", "no URL")]
    [InlineData("server: ftp://x", "no URL")]
    [InlineData("server: https://x\nproxy-url: gopher://x", "proxy-url that is none")]
    [InlineData("server: https://x\nproxy-url: x:3128", "proxy-url that is none")]
    [InlineData("server: https://x\ncertificate-authority-data: '%%%'", "certificate authority that cannot be read")]
    [InlineData("server: https://x\ncertificate-authority-data: bm9uZQ==", "there is no certificate in it")]
    [InlineData("server: https://x\ncertificate-authority: none.crt", "none.crt")]
    [InlineData("server: https://x\ninsecure-skip-tls-verify: true\ncertificate-authority: none.crt", "both insecure-skip-tls-verify and a certificate authority")]
    public void Connect_ClusterThatCannotBeUsed_SaysWhy(string cluster, string why)
    {
        var file = _folder.WriteKubeconfig(cluster, "token: t");

        Refusal(file).ShouldContain(why);
        Refusal(file).ShouldContain($"The cluster c of {file}");
    }

    [Theory]
    [InlineData("current-context: [", "is not a kubeconfig in YAML, line ")]
    [InlineData("- a\n- b", "is not a kubeconfig in YAML")]
    [InlineData("just text", "is not a kubeconfig in YAML")]
    [InlineData("clusters: [{ name: c, cluster: { insecure-skip-tls-verify: perhaps } }]", "is not a kubeconfig in YAML")]
    [InlineData("users: [{ name: c, user: { token: [s3cret] } }]", "is not a kubeconfig in YAML")]
    [InlineData("users: [{ user: {} }]", "a user without a name")]
    [InlineData("users: [null]", "a user without a name")]
    [InlineData("contexts: [{ name: a }, { name: a }]", "two entries for the context a")]
    [InlineData("current-context: gone", "gone is not among its contexts (there are none)")]
    [InlineData("current-context: A\ncontexts: [{ name: a }]", "A is not among its contexts (a)")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { user: u } }]", "names no cluster")]
    [InlineData("current-context: a\ncontexts: [{ name: a }]", "names no cluster")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: gone } }]", "names the cluster gone, which is not there")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: c } }]\nclusters: [{ name: c, cluster: { } }]", "has no server")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: c } }]\nclusters: [{ name: c, cluster: { server: 'https://x' } }]", "names no user")]
    [InlineData("current-context: a\ncontexts: [{ name: a, context: { cluster: c, user: gone } }]\nclusters: [{ name: c, cluster: { server: 'https://x' } }]", "names the user gone, which is not there")]
    public void Connect_NoUsableKubeconfig_SaysWhy(string text, string why)
    {
        var refusal = Refusal(_folder.Write("config", text));

        refusal.ShouldContain(why);
        refusal.ShouldNotContain("s3cret");
    }

    [Fact]
    public void Connect_FolderOrNothing_SaysWhatToDo()
    {
        Refusal(_folder.Path).ShouldBe($"The kubeconfig cannot be used. {_folder.Path} is a directory. Set KUBECONFIG to the file in it.");
        Refusal(_folder.Path + "/none").ShouldBe($"The kubeconfig cannot be used. KUBECONFIG names no file that exists: {_folder.Path}/none. Set KUBECONFIG to one that is there.");
        Refusal(Path.PathSeparator.ToString()).ShouldBe("The kubeconfig cannot be used. KUBECONFIG names no file. Set KUBECONFIG to one that is there.");
    }

    [Theory]
    [InlineData(":{0}")]
    [InlineData("{0}:")]
    [InlineData("::{0}::")]
    [InlineData("/nowhere/config:{0}")]
    [InlineData("{0}:/nowhere/config")]
    [InlineData("{1}:{0}")]
    [InlineData("\"{0}\"")]
    public void Connect_ListWithEmptyAndMissingElements_SkipsThem(string list)
    {
        var file = _folder.WriteKubeconfig(Cluster, "token: t");
        var named = list.Replace("{0}", file, StringComparison.Ordinal).Replace("{1}", _folder.Write("empty", ""), StringComparison.Ordinal).Replace(':', Path.PathSeparator);

        using var client = BuiltClient.Of(named);

        client.BaseUri.ShouldBe(new Uri("http://127.0.0.1:6443/"));
    }

    [Fact]
    public async Task Connect_SeveralFiles_FirstWinsAndPathsAreRelativeToTheirOwn()
    {
        await using var server = await StartAsync();
        _folder.Write("more/token", "of-more");
        var contexts = _folder.Write("contexts", $"contexts: [{{ name: a, context: {{ cluster: shared, user: u }} }}]\nclusters: [{{ name: shared, cluster: {{ server: '{server.Url}' }} }}]");
        var users = _folder.Write("more/users",
            """
            current-context: a
            contexts: [{ name: a, context: { cluster: gone } }]
            clusters: [{ name: shared, cluster: { server: "http://second:2" } }]
            users: [{ name: u, user: { tokenFile: token } }]
            """);

        await ReadAsync(contexts + Path.PathSeparator + users);

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer of-more");
    }

    [Theory]
    [InlineData("https://0.0.0.0:6443", "token: t", "https://127.0.0.1:6443/")]
    [InlineData("https://[::]:6443", "token: t", "https://[::1]:6443/")]
    [InlineData("http://0.0.0.0:6443", "token: t", "http://127.0.0.1:6443/")]
    [InlineData("localhost:6443", "token: t", "http://localhost:6443/")]
    [InlineData("10.0.0.1:8080", "{}", "http://10.0.0.1:8080/")]
    [InlineData("https://api.example/k8s/clusters/c-1", "token: t", "https://api.example/k8s/clusters/c-1/")]
    public void Connect_Server_IsTheAddress(string server, string user, string address)
    {
        using var client = BuiltClient.Of(_folder.WriteKubeconfig($"server: '{server}'", user));

        client.BaseUri.ShouldBe(new Uri(address));
    }

    [Theory]
    [InlineData("server: http://api.example:8080", "token: s3cret")]
    [InlineData("server: api.example:8080", "token: s3cret")]
    [InlineData("server: http://10.0.0.1", "username: me\npassword: s3cret")]
    [InlineData("server: http://10.0.0.1", "exec: { apiVersion: client.authentication.k8s.io/v1, command: sh }")]
    [InlineData("server: http://10.0.0.1", "as: viewer")]
    [InlineData("server: http://localhost:8080\nproxy-url: http://proxy.example:3128", "token: s3cret")]
    public void Connect_CredentialsThatOthersCouldReadOnTheWay_AreRefused(string cluster, string user)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && user.StartsWith("exec", StringComparison.Ordinal), "The plug-in is a shell");
        var file = _folder.WriteKubeconfig(cluster, user);

        Refusal(file).ShouldContain($"The user u of {file} has credentials, and the cluster c is reached over plain HTTP");
        Refusal(file).ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("token: t")]
    [InlineData("username: me\npassword: p")]
    public void Connect_PluginBesideOtherCredentials_NeedNotBeInstalled(string other)
    {
        using var client = BuiltClient.Of(_folder.WriteKubeconfig(Unreachable, $"{other}\nexec: {{ apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin }}"));

        client.BaseUri.ShouldBe(new Uri("https://127.0.0.1:1/"));
    }

    [Fact]
    public async Task Connect_UserNameAndPassword_AreSentAsBasic()
    {
        await using var server = await StartAsync();

        await ReadAsync(_folder.WriteKubeconfig($"server: {server.Url}", "username: me\npassword: sécret"));

        server.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Basic bWU6c8OpY3JldA==");
    }

    private static Task<ApiServer> StartAsync() => ApiServer.StartAsync(200, ApiServer.Anything);

    private static async Task ReadAsync(string kubeconfig)
    {
        using var client = BuiltClient.Of(kubeconfig);
        await client.CoreV1.ReadNodeAsync("a", cancellationToken: TestContext.Current.CancellationToken);
    }

    // What is said at start: one sentence for the file and one for the mend, whatever the parser threw.
    private static string? Problem(string kubeconfig) => new ServiceCollection().AddLogging().AddKubernetes(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["KUBECONFIG"] = kubeconfig }).Build());

    private static string Refusal(string kubeconfig)
    {
        Should.Throw<KubeConfigException>(() => BuiltClient.Of(kubeconfig));
        var problem = Problem(kubeconfig).ShouldNotBeNull();
        problem.ShouldStartWith("The kubeconfig cannot be used. ");
        problem.ShouldEndWith(".");
        problem.ShouldNotContain('\n');
        return problem;
    }

    private string CopyOf(string name, Uri server)
    {
        var plugin = _folder.WriteScript(
            "plug.sh", """printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}' "$1/$2/$AWS_PROFILE" """);
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Clients", "Kubernetes", "kubeconfigs", name + ".kubeconfig"), System.Text.Encoding.Latin1)
            .Replace("http://127.0.0.1:21201", server.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("PLUGIN", plugin, StringComparison.Ordinal)
            .Replace("command: gke-gcloud-auth-plugin", "command: no-such-plugin", StringComparison.Ordinal);
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, text, System.Text.Encoding.Latin1);
        return file;
    }
}
