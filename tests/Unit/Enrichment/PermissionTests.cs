using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Store;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Architecture;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary><c>deploy/kubernetes/enrichment-rbac.yaml</c> grants what enrichment uses, and nothing else.</summary>
public sealed class PermissionTests
{
    private static readonly string Manifest = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "kubernetes", "enrichment-rbac.yaml"));

    [Fact]
    public async Task Gather_WithTheManifestsRights_ReadsAllAndUsesEachOfThem()
    {
        await using var room = await StartAsync(Manifest);

        // Resolution of what is gone reads more kinds than evidence does.
        foreach (var pod in new[] { Shop.Pod, "cart-0", "agent-abcde", "report-28487520-abcde", "report-28400000-abcde" })
        {
            using var reads = room.Reads();
            await SubjectResolver.ResolveAsync(Samples.Alert("01", labels: [("namespace", "shop"), ("pod", pod)]), reads);
            reads.Unread.ShouldBeEmpty();
        }

        foreach (var label in new[] { "horizontalpodautoscaler", "poddisruptionbudget" })
        {
            using var reads = room.Reads();
            await SubjectResolver.ResolveAsync(Samples.Alert("02", labels: [("namespace", "shop"), (label, "web")]), reads);
            reads.Unread.ShouldBeEmpty();
        }

        using (var reads = room.Reads())
        {
            await SubjectResolver.ResolveAsync(Samples.Alert("03", labels: [("job", "node-exporter"), ("instance", "10.0.0.77:9100")]), reads);
            reads.Unread.ShouldBeEmpty();
        }

        foreach (var subject in Shop.Subjects)
        {
            await room.GatherAsync(subject, ("namespace", "shop"), ("service", "web"));
        }

        room.Cluster.Requests.Select(Right).Distinct().Order(StringComparer.Ordinal).ShouldBe(Rights(Manifest).Order(StringComparer.Ordinal));
        room.Cluster.AssertNoUnexpectedCalls();
    }

    [Theory]
    [InlineData("resources: [pods/log]", "previous log of Pod shop/web-7c9d8f6b5-q4x2z (web)")]
    [InlineData("resources: [horizontalpodautoscalers]", "HorizontalPodAutoscalers of shop")]
    [InlineData("resources: [pods, nodes]", "usage of Pod shop/web-7c9d8f6b5-q4x2z")]
    [InlineData("resources: [events]", "events of Deployment shop/web")]
    public async Task Gather_WithoutARight_NamesWhatIsUnread(string rule, string unread)
    {
        Manifest.ShouldContain(rule);
        await using var room = await StartAsync(Manifest.Replace(rule, "resources: [leases]", StringComparison.Ordinal));
        using var reads = room.Reads();

        await new EvidenceGatherer(new Subject("Deployment", "shop", "web"), [], reads).GatherAsync();

        reads.Unread.ShouldContain(source => source.What == unread);
        reads.Unread.ShouldAllBe(source => source.Reason.StartsWith("forbidden", StringComparison.Ordinal));
        reads.Unread.ShouldBeUnique();
    }

    [Fact]
    public async Task Gather_AllEventsForbidden_IsOneLine()
    {
        await using var room = await EnrichmentRoom.StartAsync(Shop.Story);
        room.Cluster.Forbid("events");
        using var reads = room.Reads();

        await new EvidenceGatherer(new Subject("Deployment", "shop", "web"), [], reads).GatherAsync();

        var unread = reads.Unread.ShouldHaveSingleItem();
        unread.What.ShouldStartWith("events of ");
        unread.Reason.ShouldBe("forbidden, and 4 more like it");
    }

    private static async Task<EnrichmentRoom> StartAsync(string manifest)
    {
        var story = Shop.Story;
        var room = await EnrichmentRoom.StartAsync(new Story($"{story.Manifests}\n---\n{manifest}", story.Logs), token: "enrichment");
        room.Cluster.AddUser("enrichment", "system:serviceaccount:alert-responder:alert-responder-enrichment");
        return room;
    }

    private static IEnumerable<string> Rights(string manifest) =>
        from document in YamlDocuments.Read(manifest)
        where document["kind"]!.ToString() == "ClusterRole"
        from rule in document["rules"]!.AsArray()
        from resource in rule!["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        select $"{verb} {resource}.{rule["apiGroups"]!.AsArray().Single()}";

    private static string Right(RecordedRequest request)
    {
        var path = request.Path.Trim('/').Split('/');
        var (group, rest) = path[0] == "api" ? ("", path[2..]) : (path[1], path[3..]);
        string[] within = rest is ["namespaces", _, _, ..] ? rest[2..] : rest;
        return $"{(within.Length == 1 ? "list" : "get")} {within[0]}{(within.Length == 3 ? $"/{within[2]}" : "")}.{group}";
    }
}
