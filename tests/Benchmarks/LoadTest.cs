using AlertResponder.Tests.EndToEnd;
using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.Benchmarks;

/// <summary>One run of a profile.</summary>
internal static class LoadTest
{
    // After the last webhook: what has not come by then is lost.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The pipeline's default, and the time of this test.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90) + TimeSpan.FromHours(1);

    public static async Task<LoadResult> RunAsync(LoadProfile profile, Setup setup, CancellationToken cancellationToken)
    {
        var fleet = new Fleet(profile.Workloads, TimeProvider.System.GetUtcNow());
        int[][] groups = [.. fleet.Groups(profile.GroupSize)];
        await using var installation = await Installation.StartAsync(fleet, profile.PastIncidents, setup, cancellationToken);

        var webhooks = Enumerable.Range(0, profile.AlertsPerWorkload).SelectMany(alert => groups.Select(group => fleet.Webhook(group, alert)));
        var first = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);
        var before = installation.Processor;
        var sent = await OpenLoop.SendAsync(
            new Uri(installation.Pipeline.Url, "webhooks/alertmanager"), webhooks, first, profile.Interval, cancellationToken);
        var lostAlerts = profile.Alerts - await DrainAsync(installation.Store, profile.Alerts, first, cancellationToken);
        var drained = TimeProvider.System.GetUtcNow() - first;

        var messages = installation.Surroundings.Slack.Messages.CountBy(Fleet.Workload).ToDictionary();
        return new LoadResult(
            setup.ToString(),
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
    private static async Task<int> DrainAsync(StoreView store, int alerts, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            // Messages exist; to show in them what has joined since takes as long as Slack's limit of updates makes it.
            await Eventually.ReadsAsync(
                token => store.ProgressAsync(since, token),
                progress => progress.Alerts >= alerts && progress is { Inbox: 0, Untold: 0 },
                "all alerts are told of",
                Patience,
                cancellationToken);
            var kept = since - Retention;
            await Eventually.ReadsAsync(token => store.ResolvedBeforeAsync(kept, token), old => old == 0, "what is old is deleted", Patience, cancellationToken);
        }
        catch (TimeoutException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }

        return (await store.ProgressAsync(since, cancellationToken)).Alerts;
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
