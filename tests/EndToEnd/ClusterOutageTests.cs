using AlertResponder.Simulators.Bedrock;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The Kubernetes API is down when the alert fires: Slack hears in time, and the better answer follows in place.</summary>
public sealed class ClusterOutageTests
{
    public static TheoryData<string> Outages => ["throttled", "failing", "hanging"];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task ClusterDown_MessageSaysWhatIsKnown_EvidenceFollowsInPlace(string outage)
    {
        await using var world = await World.StartAsync();
        world.Bedrock.Faults.Always(BedrockFaults.AccessDenied());
        var down = world.Cluster.Faults.Always(outage switch
        {
            "throttled" => ClusterFaults.TooManyRequests(TimeSpan.FromSeconds(1)),
            "failing" => ClusterFaults.InternalError(),
            _ => Fault.Hang,
        });
        var fired = world.Time.GetUtcNow();

        await world.FireAsync(PriceScraperAlert.Webhook);
        var message = await world.MessageAsync("CronJob cardboard/price-scraper", message => message.IsOpen(), advance: TimeSpan.FromMilliseconds(250));
        (world.Time.GetUtcNow() - fired).ShouldBeLessThan(TimeSpan.FromSeconds(60));
        message.Shown().ShouldContain("Could not read");
        message.Shown().ShouldNotContain("OOMKilled");

        down.Dispose();
        var better = await world.MessageAsync(
            "CronJob cardboard/price-scraper", message => message.Shown().Contains("OOMKilled", StringComparison.Ordinal), advance: TimeSpan.FromSeconds(1));
        better.Ts.ShouldBe(message.Ts);
        better.Shown().ShouldNotContain("Could not read");
        world.Slack.Messages.ShouldHaveSingleItem();
    }
}
