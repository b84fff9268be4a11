using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Remediation.Silences;
using AlertResponder.Resilience;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>Silences in a real Alertmanager.</summary>
public sealed class SilenceTests
{
    // With what has a meaning in patterns.
    private static readonly Dictionary<string, string>[] Sick =
    [
        Labels("KubePodCrashLooping", ("pod", "web-1"), ("path", @"C:\a b|(c)#.+")),
        Labels("KubePodCrashLooping", ("pod", "web-2"), ("path", "ünï☃\n")),
        Labels("KubeDeploymentReplicasMismatch", ("deployment", "web")),
    ];

    private static readonly Dictionary<string, string>[] Neighbours =
    [
        Labels("KubePodCrashLooping", ("pod", "web-11"), ("path", @"C:\a b|(c)#.+")),
        Labels("KubePodCrashLooping", ("pod", "web-1"), ("path", "other")),
        Labels("KubeDeploymentReplicasMismatch", ("deployment", "cart")),
        Labels("KubePodNotReady", ("pod", "web-1")),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silence_AlertsOfOneSubject_SuppressesThemAndNoOthersUntilItIsLifted()
    {
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(new Uri("http://127.0.0.1:9/")), Cancel);
        foreach (var labels in Sick.Concat(Neighbours))
        {
            await alertmanager.FireAsync(labels, cancellationToken: Cancel);
        }

        using var http = AlertmanagerClient.CreateHttp(isConfigured: false);
        await using var services = new ServiceCollection().AddLogging().AddUpstream(UpstreamNames.Alertmanager).BuildServiceProvider();
        var silencer = new Silencer(
            new AlertmanagerClient(http, Options.Create(new AlertmanagerOptions())), services.GetRequiredKeyedService<Upstream>(UpstreamNames.Alertmanager));
        var address = silencer.Address(alertmanager.Url.AbsoluteUri).ShouldNotBeNull();
        var matchers = SilenceMatchers.Of([.. Sick.Select(ToAlert)]).ShouldNotBeNull();
        var (proposal, now) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());

        // Made twice, as after a lost answer; then its end is moved.
        for (var times = 0; times < 2; times++)
        {
            await silencer.MakeAsync(address, proposal, matchers, now.AddMinutes(-5), now.AddHours(1), $"for {SilenceText.Mark(proposal)}", Cancel);
        }

        var made = (await silencer.FindAsync(address, proposal, Cancel)).ShouldHaveSingleItem();
        await silencer.ExtendAsync(address, made, now.AddHours(4), Cancel);
        var extended = (await silencer.FindAsync(address, proposal, Cancel)).ShouldHaveSingleItem();
        (extended.Id, extended.IsOver).ShouldBe((made.Id, false));
        extended.EndsAt.ShouldBe(now.AddHours(4), TimeSpan.FromSeconds(1));
        await SuppressedAsync(alertmanager, Sick.Length);
        var listing = await silencer.ListAsync(address, matchers, Cancel);
        listing.Alerts.Count.ShouldBeGreaterThanOrEqualTo(Sick.Length, "silenced ones fire, too");
        listing.Since.ShouldBeLessThanOrEqualTo(now);
        listing.Alerts.Count(alert => alert.Status!.State == "suppressed").ShouldBe(Sick.Length);
        listing.TellsWhoIsMuted.ShouldBeTrue("nothing is muted by time");

        await silencer.LiftAsync(address, proposal, Cancel);

        (await silencer.FindAsync(address, proposal, Cancel)).ShouldHaveSingleItem().IsOver.ShouldBeTrue();
        await SuppressedAsync(alertmanager, 0);
    }

    private static async Task SuppressedAsync(AlertmanagerServer alertmanager, int count)
    {
        using var http = new HttpClient();
        await Eventually.ReadsAsync(
            async token => (await http.GetFromJsonAsync<JsonArray>(new Uri(alertmanager.Url, "api/v2/alerts"), token))!
                .Where(alert => alert!["status"]!["state"]!.ToString() == "suppressed").Select(alert => alert!["labels"]!.ToJsonString()).ToList(),
            suppressed => suppressed.Count == count && Neighbours.All(labels => !suppressed.Any(text => IsOf(text, labels))),
            $"{count} alerts are suppressed, and none of the neighbours",
            cancellationToken: Cancel);
    }

    private static bool IsOf(string text, Dictionary<string, string> labels)
    {
        var shown = (JsonObject)JsonNode.Parse(text)!;
        return shown.Count == labels.Count && labels.All(label => shown[label.Key]?.ToString() == label.Value);
    }

    private static Dictionary<string, string> Labels(string name, params (string Name, string Value)[] labels) =>
        labels.Append(("alertname", name)).Append(("namespace", "shop")).ToDictionary(label => label.Item1, label => label.Item2, StringComparer.Ordinal);

    private static Alert ToAlert(Dictionary<string, string> labels) => new(
        "01", AlertStatus.Firing, labels, new Dictionary<string, string>(StringComparer.Ordinal), TimeProvider.System.GetUtcNow(), EndsAt: null, GeneratorUrl: null);
}
