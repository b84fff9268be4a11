using System.Text.Json;
using System.Text.RegularExpressions;
using AlertResponder.Simulators.Cluster;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class StoriesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PriceScraper_Loaded_HangsTogether()
    {
        var time = new SettableTime();
        await using var cluster = await ClusterSimulator.StartAsync(AlertResponder.Simulators.Stories.PriceScraper, time: time, cancellationToken: Cancellation);
        using var client = new HttpClient { BaseAddress = cluster.Address };

        var pod = await GetAsync(client, "api/v1/namespaces/cardboard/pods/price-scraper-28487520-2n78x");
        var job = await GetAsync(client, "apis/batch/v1/namespaces/cardboard/jobs/price-scraper-28487520");
        var cronJob = await GetAsync(client, "apis/batch/v1/namespaces/cardboard/cronjobs/price-scraper");
        var node = await GetAsync(client, $"api/v1/nodes/{pod.GetProperty("spec").GetProperty("nodeName").GetString()}");
        var events = await GetAsync(client, $"api/v1/namespaces/cardboard/events?fieldSelector=involvedObject.uid%3D{Uid(pod)}%2Ctype%3DWarning");

        Owner(pod).ShouldBe(Uid(job));
        Owner(job).ShouldBe(Uid(cronJob));
        node.GetProperty("status").GetProperty("nodeInfo").GetProperty("architecture").GetString().ShouldBe("amd64");
        events.GetProperty("items").EnumerateArray().Single().GetProperty("reason").GetString().ShouldBe("BackOff");
        var container = pod.GetProperty("status").GetProperty("containerStatuses")[0];
        container.GetProperty("restartCount").GetInt32().ShouldBe(5);
        container.GetProperty("state").GetProperty("waiting").GetProperty("reason").GetString().ShouldBe("CrashLoopBackOff");
        var last = container.GetProperty("lastState").GetProperty("terminated");
        last.GetProperty("reason").GetString().ShouldBe("OOMKilled");
        last.GetProperty("exitCode").GetInt32().ShouldBe(137);
        last.GetProperty("finishedAt").GetDateTimeOffset().ShouldBe(time.Now - new TimeSpan(0, 2, 21));
        pod.GetProperty("status").GetProperty("conditions").EnumerateArray().ShouldAllBe(condition => condition.GetProperty("status").ValueKind == JsonValueKind.String);
        cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task PriceScraper_PreviousLog_GrowsWithinItsRunTowardsTheLimit()
    {
        await using var cluster = await ClusterSimulator.StartAsync(AlertResponder.Simulators.Stories.PriceScraper, time: new SettableTime(), cancellationToken: Cancellation);
        using var client = new HttpClient { BaseAddress = cluster.Address };

        var log = await client.GetStringAsync("api/v1/namespaces/cardboard/pods/price-scraper-28487520-2n78x/log?previous=true", Cancellation);

        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => DateTimeOffset.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ShouldBeInOrder();
        var heap = lines.Select(line => Regex.Match(line, "heap=([0-9]+)Mi")).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        heap.ShouldBeInOrder();
        heap[^1].ShouldBeInRange(240, 256);
    }

    [Fact]
    public async Task PriceScraper_RaisedLimit_MakesTheNextRunSucceed()
    {
        var time = new SettableTime();
        await using var cluster = await ClusterSimulator.StartAsync(AlertResponder.Simulators.Stories.PriceScraper, time: time, cancellationToken: Cancellation);
        using var client = new HttpClient { BaseAddress = cluster.Address };
        cluster.OnTemplate("CronJob", "cardboard", "price-scraper").OomBelow("400Mi");
        using var patch = new StringContent(
            """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"scraper","resources":{"limits":{"memory":"512Mi"}}}]}}}}}}""",
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/strategic-merge-patch+json"));

        (await client.PatchAsync("apis/batch/v1/namespaces/cardboard/cronjobs/price-scraper", patch, Cancellation)).EnsureSuccessStatusCode();
        time.Now += TimeSpan.FromMinutes(10);
        var job = cluster.RunCronJob("cardboard", "price-scraper");

        (await GetAsync(client, $"apis/batch/v1/namespaces/cardboard/jobs/{job}")).GetProperty("status").GetProperty("succeeded").GetInt32().ShouldBe(1);
        (await GetAsync(client, "apis/batch/v1/namespaces/cardboard/jobs/price-scraper-28487520")).GetProperty("status").GetProperty("conditions")
            .EnumerateArray().Select(condition => condition.GetProperty("type").GetString()).ShouldContain("Failed");
        (await GetAsync(client, "apis/batch/v1/namespaces/cardboard/cronjobs/price-scraper")).GetProperty("status").TryGetProperty("active", out _).ShouldBeFalse();
        cluster.AssertNoUnexpectedCalls();
    }

    [Fact]
    public void Load_UnknownName_Throws() => Should.Throw<KeyNotFoundException>(() => AlertResponder.Simulators.Stories.Load("Price"));

    private static string? Owner(JsonElement item) => item.GetProperty("metadata").GetProperty("ownerReferences")[0].GetProperty("uid").GetString();

    private static string? Uid(JsonElement item) => item.GetProperty("metadata").GetProperty("uid").GetString();

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(path, Cancellation));
}
