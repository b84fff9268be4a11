using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Cluster;
using AlertResponder.Enrichment.Gathering;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Incidents;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Redaction;

/// <summary>Secrets of every kind in surroundings of every kind, through every door. A round that fails names its seed.</summary>
public sealed class GeneratedEvidenceTests
{
    private const int Rounds = 10_000;

    private static readonly EvidenceKind[] Kinds = Enum.GetValues<EvidenceKind>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_TenThousandGeneratedEvidences_NoSecretComesThroughAndNothingElseIsLost()
    {
        ConcurrentQueue<string> failures = [];

        await Parallel.ForEachAsync(Enumerable.Range(0, Rounds), Cancellation, async (seed, _) =>
        {
            var evidence = GeneratedEvidence.Make(seed);
            var let = await ThroughADoorAsync(seed, evidence.Text);
            if (evidence.Secrets.FirstOrDefault(secret => let.Contains(secret, StringComparison.Ordinal)) is { } leaked)
            {
                failures.Enqueue($"Seed {seed}: {leaked} came through: {evidence.Text}");
            }
            else if (evidence.Ordinary.FirstOrDefault(line => !let.Contains(line, StringComparison.Ordinal)) is { } lost)
            {
                failures.Enqueue($"Seed {seed}: {lost} was lost: {evidence.Text} became {let}");
            }
        });

        failures.Count.ShouldBe(0, string.Join("\n\n", failures.Take(20)));
    }

    // What is handed on, as people would read it.
    private static async Task<string> ThroughADoorAsync(int seed, string text)
    {
        switch (seed % 4)
        {
            case 0:
                using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(text)))
                {
                    return await LogTail.ReadAsync(stream, Cancellation);
                }

            case 1:
                return Parsed(alert => alert["annotations"]!["description"] = text).Annotations["description"];
            case 2:
                return Parsed(alert => alert["labels"]!["reason"] = text).Labels["reason"];
            default:
                var list = new EvidenceList();
                list.Add(new Observation(Kinds[seed / 4 % Kinds.Length], new ObjectReference("Pod", "shop", text), text, new Facts().Set(FactNames.Message, text)));
                var item = list.Items.ShouldHaveSingleItem();
                item.Source.Name.ShouldBe(item.Text);
                item.Facts[FactNames.Message].ShouldBe(item.Text);
                return item.Text;
        }
    }

    private static Alert Parsed(Action<JsonNode> change) => WebhookParser.Parse(Payloads.WithAlert(change), Samples.Start).Alerts.Single().Alert;
}
