using AlertResponder.Contracts;
using AlertResponder.Remediation.Actions;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>
/// Whatever stands in a suggestion and in the evidence, of which a model may have written every word: only values that the catalogue has
/// worked out itself, or has found in the cluster, get into a request that changes something.
/// </summary>
public sealed class HostileSuggestionTests
{
    private const string Mark = "evil";

    private static readonly string[] Poison =
    [
        Mark, $"web;{Mark}", $"../{Mark}", $"web/../../secrets/{Mark}", $"$({Mark})", $"512Mi{Mark}", $"{Mark}\n- op: remove", $"\"}}],\"{Mark}\":[{{", $"%2e%2e%2f{Mark}", $"9999Gi#{Mark}",
        $"<@U0{Mark}>", $"web\0{Mark}", new string('a', 300) + Mark, $"arm64 {Mark}", $"{Mark}.example", $"-1{Mark}", $"é{Mark}",
    ];

    private static readonly string[] Kinds = [.. ActionCatalogue.All.Select(action => action.Kind), Mark, $"exec-{Mark}", "", "delete-namespace"];

    private static readonly string[] Parameters = ["container", "currentLimit", "limit", "architecture", "replicas", "revision", "command", "patch", "image", Mark];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Propose_PoisonedSuggestions_NothingOfThemReachesAWrite(int seed)
    {
        var random = new Random(seed);
        await using var room = await RemediationRoom.StartAsync();
        for (var round = 0; round < 10; round++)
        {
            var subject = new Subject("Deployment", "shop", $"sick-{round}");
            var id = await room.IncidentAsync(subject, [.. Enumerable.Range(0, 8).Select(_ => Suggestion(random))], [.. Shop.Evidence.Select(item => Poisoned(random, item))]);
            await room.ProposeAsync(id);
            foreach (var proposal in await room.ProposalsAsync(id))
            {
                await room.DeliverAsync(room.Click(proposal));
                await room.DeliverAsync(room.Click(proposal, RemediationVerb.Undo));
            }
        }

        var changes = room.Cluster.Requests.Where(request => request.Method != "GET" && !request.Path.Contains("authorization.k8s.io", StringComparison.Ordinal)).ToList();
        changes.Count(request => request.Method == "PATCH").ShouldBeGreaterThan(10, "else this test shows nothing");
        changes.ShouldAllBe(request => !Uri.UnescapeDataString(request.Target).Contains(Mark, StringComparison.Ordinal) && !request.Body.Contains(Mark, StringComparison.Ordinal));
        changes.ShouldAllBe(request => request.Path.Contains("/namespaces/shop/", StringComparison.Ordinal) || request.Path.StartsWith("/api/v1/nodes/node-", StringComparison.Ordinal));
        room.Cluster.AssertNoUnexpectedCalls();
    }

    private static SuggestedAction Suggestion(Random random)
    {
        var sane = Shop.Each[random.Next(Shop.Each.Length)];
        var target = sane.Target;
        return new SuggestedAction(
            random.Next(5) == 0 ? Kinds[random.Next(Kinds.Length)] : sane.Kind,
            random.Next(4) switch
            {
                0 => target with { Name = Any(random) },
                1 => random.Next(3) switch { 0 => target with { Namespace = Any(random) }, 1 => target with { Container = Any(random) }, _ => target with { Kind = Any(random) } },
                _ => target,
            },
            sane.Parameters.ToDictionary(parameter => parameter.Key, parameter => random.Next(4) == 0 ? Any(random) : parameter.Value, StringComparer.Ordinal)
                .Append(KeyValuePair.Create(Parameters[random.Next(Parameters.Length)], Any(random)))
                .GroupBy(parameter => parameter.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First().Value, StringComparer.Ordinal),
            [Any(random)]);
    }

    private static Evidence Poisoned(Random random, Evidence item) => item with
    {
        Text = Any(random),
        Facts = item.Facts.ToDictionary(fact => fact.Key, fact => random.Next(4) == 0 ? Any(random) : fact.Value, StringComparer.Ordinal),
    };

    private static string Any(Random random) => Poison[random.Next(Poison.Length)];
}
