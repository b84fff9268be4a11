using AlertResponder.Resilience;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Resilience;

/// <summary>The table of the design.</summary>
public sealed class UpstreamPoliciesTests
{
    [Fact]
    public void Policies_AsTheDesignSays_HaveTheirTimeoutsAndRetries()
    {
        var policies = new[] { UpstreamPolicies.Bedrock, UpstreamPolicies.Kubernetes, UpstreamPolicies.Slack, UpstreamPolicies.Alertmanager, UpstreamPolicies.AlertmanagerListings };

        policies.Select(p => (p.Name, p.TryTimeout.TotalSeconds, p.Retries, p.PausesForRetryAfter)).ShouldBe(
        [
            ("bedrock", 20, 3, false),
            ("kubernetes", 5, 3, false),
            ("slack", 10, 3, true),
            ("alertmanager", 5, 2, false),
            ("alertmanager-listings", 15, 1, false),
        ]);
    }

    [Fact]
    public void Rule_AsTheDesignSays_IsThreeThrottlesForFiveMinutesFiveFailuresForThirtySeconds()
    {
        UpstreamPolicy.ThrottlesToPause.ShouldBe(3);
        UpstreamPolicy.ThrottlePause.ShouldBe(TimeSpan.FromMinutes(5));
        UpstreamPolicy.FailuresToPause.ShouldBe(5);
        UpstreamPolicy.FailurePause.ShouldBe(TimeSpan.FromSeconds(30));
        UpstreamPolicy.FirstRetryDelay.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Theory]
    [InlineData(UpstreamNames.Bedrock)]
    [InlineData(UpstreamNames.Kubernetes)]
    [InlineData(UpstreamNames.Slack)]
    [InlineData(UpstreamNames.Alertmanager)]
    [InlineData(UpstreamNames.AlertmanagerListings)]
    public void AddUpstream_Twice_GivesOne(string name)
    {
        using var provider = new ServiceCollection().AddLogging().AddUpstream(name).AddUpstream(name).BuildServiceProvider();

        var upstream = provider.GetServices<Upstream>().ShouldHaveSingleItem();
        upstream.Name.ShouldBe(name);
        provider.GetRequiredKeyedService<Upstream>(name).ShouldBeSameAs(upstream);
    }

    [Fact]
    public void AddUpstream_SeveralNames_GivesOneEach()
    {
        using var provider = new ServiceCollection().AddLogging()
            .AddUpstream(UpstreamNames.Slack).AddUpstream(UpstreamNames.Bedrock).AddUpstream(UpstreamNames.Kubernetes).AddUpstream(UpstreamNames.Slack)
            .BuildServiceProvider();

        provider.GetServices<Upstream>().Select(u => u.Name).ShouldBe(["slack", "bedrock", "kubernetes"]);
    }

    [Fact]
    public void AddUpstream_UnknownName_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ServiceCollection().AddUpstream("fax"));
}
