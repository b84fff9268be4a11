using System.CommandLine;
using System.Text.Json.Nodes;
using AlertResponder.Host.Commands;
using AlertResponder.Remediation;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Tests.Unit.Architecture;

namespace AlertResponder.Tests.Unit.Host;

public sealed class RbacCommandTests
{
    private static readonly RbacScope Everything = new(("ops", "bot"), ["shop", "data"], [.. ActionPermissions.ByAction.Keys], Nodes: true, MappedUsers: true);

    public static TheoryData<string> Actions => [.. ActionPermissions.ByAction.Keys];

    [Fact]
    public async Task Rbac_OneNamespace_IsTheShippedExample()
    {
        var (exitCode, output, _) = await RunAsync("rbac", "--namespaces", "shop");

        exitCode.ShouldBe(0);
        output.ShouldBe(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "kubernetes", "remediation-rbac.yaml"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Write_OneAction_GrantsWhatItNeedsInEachNamespaceAndNoVerbMore(string action)
    {
        var granted = Granted(RbacManifests.Write(new RbacScope(("ops", "bot"), ["shop", "data"], [action])));

        var needed = ActionPermissions.ByAction[action].Where(permission => !permission.ClusterScoped).Select(permission => $"{permission.Verb} {permission.Resource}.{permission.Group}").ToList();
        granted.ShouldBe([.. needed.Select(right => $"data: {right}"), .. needed.Select(right => $"shop: {right}")], ignoreOrder: true);
    }

    [Fact]
    public void Write_Everything_HasNoSecretsNoWildcardsAndNoRoleOfTheClusters()
    {
        var manifest = RbacManifests.Write(Everything);

        var rights = Granted(manifest).ToList();
        rights.ShouldNotBeEmpty();
        rights.ShouldAllBe(right => !right.Contains('*') && !right.Contains("secret", StringComparison.OrdinalIgnoreCase) && !right.Contains("impersonate", StringComparison.Ordinal));
        rights.Where(right => right.StartsWith("everywhere", StringComparison.Ordinal)).ShouldBe(
            ["everywhere: get nodes.", "everywhere: patch nodes.", "everywhere: create subjectaccessreviews.authorization.k8s.io"], ignoreOrder: true);
        Of(manifest, "RoleBinding", "ClusterRoleBinding").ShouldAllBe(binding => binding["roleRef"]!["name"]!.ToString() == "alert-responder-remediation"
            && binding["subjects"]!.AsArray().Single()!["name"]!.ToString() == "bot" && binding["subjects"]![0]!["namespace"]!.ToString() == "ops");
    }

    [Fact]
    public void Write_NodesAreNotOptedIn_HasNothingOfTheWholeCluster() =>
        Of(RbacManifests.Write(Everything with { Nodes = false, MappedUsers = false }), "ClusterRole", "ClusterRoleBinding").ShouldBeEmpty();

    [Theory]
    [InlineData("\"Shop\" is no name of a namespace", "--namespaces", "Shop")]
    [InlineData("is no name of a namespace", "--namespaces", "shop: {}\nkind")]
    [InlineData("\"sudo\" is no action: there are increase-memory-limit", "--namespaces", "shop", "--actions", "sudo")]
    [InlineData("--service-account takes namespace/name", "--namespaces", "shop", "--service-account", "bot")]
    public async Task Rbac_WrongValues_AreBadUsageAndNamed(string expected, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(["rbac", .. arguments]);

        (exitCode, output).ShouldBe((2, ""));
        error.ShouldContain(expected);
    }

    private static IEnumerable<string> Granted(string manifest) =>
        from role in Of(manifest, "Role", "ClusterRole")
        from rule in role["rules"]!.AsArray()
        from resource in rule!["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        select $"{role["metadata"]!["namespace"]?.ToString() ?? "everywhere"}: {verb} {resource}.{rule["apiGroups"]!.AsArray().Single()}";

    private static List<JsonObject> Of(string manifest, params string[] kinds) =>
        [.. YamlDocuments.Read(manifest).Where(document => kinds.Contains(document["kind"]!.ToString(), StringComparer.Ordinal))];

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await CommandLine.Root().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
