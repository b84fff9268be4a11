using System.Text.Json.Nodes;
using AlertResponder.Simulators.Snapshots;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>An alert, the cluster that it comes from, and what the card is to say of it.</summary>
/// <param name="Name">Its folder, as it is called in the scoreboard.</param>
/// <param name="Webhooks">What Alertmanager sends, in this order.</param>
/// <param name="Cluster">The cluster when they come.</param>
/// <param name="Now">When they come.</param>
/// <param name="Expected">What is expected.</param>
/// <param name="Warnings">What in the folder has no meaning here.</param>
internal sealed record Scenario(
    string Name, IReadOnlyList<JsonObject> Webhooks, ClusterSnapshot Cluster, DateTimeOffset Now, Expectations Expected, IReadOnlyList<string> Warnings);
