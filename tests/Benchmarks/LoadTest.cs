using AlertResponder.Tests.EndToEnd;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>One run of a profile.</summary>
internal static class LoadTest
{
    // After the last webhook: what has not come by then is lost.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<LoadResult> RunAsync(LoadProfile profile, string store, string bus, CancellationToken cancellationToken)
    {
        var fleet = new Fleet(profile.Workloads, TimeProvider.System.GetUtcNow());
        int[][] groups = [.. fleet.Groups(profile.GroupSize)];
        await using var installation = await Installation.StartAsync(fleet, store, bus, cancellationToken);

        var webhooks = Enumerable.Range(0, profile.AlertsPerWorkload).SelectMany(alert => groups.Select(group => fleet.Webhook(group, alert)));
        var first = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);
        var before = installation.Processor;
        var sent = await OpenLoop.SendAsync(
            new Uri(installation.Pipeline.Url, "webhooks/alertmanager"), webhooks, first, profile.Interval, cancellationToken);
        var lostAlerts = profile.Alerts - await DrainAsync(installation, profile.Alerts, cancellationToken);
        var drained = TimeProvider.System.GetUtcNow() - first;

        var messages = installation.Surroundings.Slack.Messages.CountBy(Fleet.Workload).ToDictionary();
        return new LoadResult(
            $"{store}, {bus}",
            sent.Count(webhook => !webhook.Accepted),
            lostAlerts,
            profile.Workloads - messages.Count,
            messages.Values.Sum(count => count - 1),
            Latencies(groups, sent, Posts(installation), profile.WarmUp),
            drained,
            installation.Processor - before,
            installation.PeakMemoryBytes);
    }

    /// <summary>Waits until all is done, as long as there is patience, and returns how many alerts have become part of an incident.</summary>
    private static async Task<int> DrainAsync(Installation installation, int alerts, CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.ReadsAsync(
                installation.ProgressAsync,
                progress => progress.Alerts >= alerts && progress is { Inbox: 0, Undrawn: 0 },
                "all alerts are told of",
                Patience,
                cancellationToken);
        }
        catch (TimeoutException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }

        return (await installation.ProgressAsync(cancellationToken)).Alerts;
    }

    /// <summary>When Slack had the first post about each workload.</summary>
    private static Dictionary<int, DateTimeOffset> Posts(Installation installation) => installation.Surroundings.Slack.Requests
        .Where(request => request.Path == "/api/chat.postMessage")
        .GroupBy(request => Fleet.Workload(request.Body) ?? throw new InvalidOperationException("A post speaks of no workload."))
        .ToDictionary(posts => posts.Key, posts => posts.Min(post => post.Time));

    private static TimeSpan[] Latencies(int[][] groups, IReadOnlyList<SentWebhook> sent, Dictionary<int, DateTimeOffset> posts, int warmUp) =>
    [
        .. groups.Zip(sent).Skip(warmUp)
            .SelectMany(pair => pair.First.Where(posts.ContainsKey).Select(workload => posts[workload] - pair.Second.Planned))
            .Order(),
    ];
}
