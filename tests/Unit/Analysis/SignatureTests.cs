using AlertResponder.Analysis.Reuse;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class SignatureTests
{
    [Fact]
    public void Of_NextFiringOfTheSameTrouble_IsTheSame() => Sign(NextFiring(Given.PriceScraper())).ShouldBe(Sign(Given.PriceScraper()));

    public static TheoryData<string, string> WhatVaries() => new()
    {
        { "price-scraper-28487520-2n78x", "price-scraper-28999999-zzz7k" },
        { "08:10:2", "19:44:0" },
        { "heap=3", "heap=9" },
        { "2m40s", "5m" },
        { "\"5\"", "\"77\"" },
        { "k3s-agent-1", "k3s-agent-7" },
    };

    [Theory]
    [MemberData(nameof(WhatVaries))]
    public void Of_WhatVaries_IsNotInIt(string before, string after) => Sign(Changed(before, after)).ShouldBe(Sign(Given.PriceScraper()));

    public static TheoryData<string, string> WhatMatters() => new()
    {
        { "256Mi", "512Mi" },
        { "\"137\"", "\"139\"" },
        { "price-scraper:1.4.2", "price-scraper:1.4.3" },
        { "OOMKilled", "Error" },
        { "CrashLoopBackOff", "ImagePullBackOff" },
        { "scraped page", "parsed page" },
        { "node.kubernetes.io/not-ready", "node.kubernetes.io/disk-pressure" },
        { "KubePodCrashLooping", "KubeJobFailed" },
        { "*/10 * * * *", "*/5 * * * *" },
    };

    [Theory]
    [MemberData(nameof(WhatMatters))]
    public void Of_WhatMatters_IsInIt(string before, string after) => Sign(Changed(before, after)).ShouldNotBe(Sign(Given.PriceScraper()));

    [Theory]
    [InlineData("secret \"db-password\" not found", "secret \"db-user\" not found")]
    [InlineData("configmap \"api-proxy\" not found", "configmap \"api-cache\" not found")]
    [InlineData("exceeded quota: requested: limits.cpu=500m", "exceeded quota: requested: limits.cpu=900m")]
    [InlineData("HTTP probe failed with statuscode: 503", "HTTP probe failed with statuscode: 404")]
    [InlineData("dial tcp: lookup postgres.db", "dial tcp: lookup redis.db")]
    [InlineData("dial tcp 10.42.0.7:5432: connect: connection refused", "dial tcp 10.42.0.7:6379: connect: connection refused")]
    public void Of_EventThatSaysSomethingElse_IsAnother(string one, string other) => Sign(Event(one)).ShouldNotBe(Sign(Event(other)));

    [Theory]
    [InlineData("dial tcp 10.42.0.7:5432: connect: connection refused", "dial tcp 10.42.3.199:5432: connect: connection refused")]
    [InlineData("Back-off 10s restarting api-5d8f7c6b9-x2x4z (x3 over 5m)", "Back-off 5m restarting api-7c9d8b5f4-q8w2z (x41 over 3h12m)")]
    [InlineData("Error: pod e41f7c92-1111-4222-8333-444455556666 at 2026-11-22T08:10:25Z", "Error: pod 0a1b2c3d-1111-4222-8333-444455556666 at 2026-12-01T23:59:59.123Z")]
    [InlineData("timed out after 3 seconds", "timed out after 10 seconds")]
    public void Of_EventThatSaysTheSame_IsTheSame(string one, string other) => Sign(Event(one)).ShouldBe(Sign(Event(other)));

    [Fact]
    public void Of_AnotherSubject_IsAnother() => Sign(Event("boom") with { Subject = new Subject("Deployment", "cardboard", "worker") }).ShouldNotBe(Sign(Event("boom")));

    [Fact]
    public void Of_AnotherQuestion_IsAnother() =>
        EvidenceSignature.Of(Given.PriceScraper(), RulesEngine.Diagnose(Given.PriceScraper()), "nova", "other prompt").Hash.ShouldNotBe(Sign(Given.PriceScraper()));

    [Fact]
    public void Of_ClusterThatNobodyHasNamed_IsNotInIt() => Sign(Event("boom") with { IsClusterAssumed = true }).ShouldBe(Sign(Event("boom")));

    /// <summary>Another pod of another Job at another time with other counts.</summary>
    internal static ContextEnriched NextFiring(ContextEnriched context) => Changed(
        context,
        ("28487520-2n78x", "28487999-vx7kd"), ("price-scraper-28487520", "price-scraper-28487999"), ("08:10:", "21:47:"), ("2026-11-22", "2026-11-27"), ("heap=3", "heap=7"), ("2m40s", "1m20s"), ("\"5\"", "\"9\""));

    private static string Sign(ContextEnriched context) => EvidenceSignature.Of(context, RulesEngine.Diagnose(context), "nova", "prompt").Hash;

    private static ContextEnriched Event(string message) => Given.Api("waiting", ("reason", "CrashLoopBackOff")).Event("api-5d8f7c6b9-x2x4z", "Failed", message).Context();

    private static ContextEnriched Changed(string before, string after) => Changed(Given.PriceScraper(), (before, after));

    // Facts are quoted, so that a value can be meant as a whole.
    private static ContextEnriched Changed(ContextEnriched context, params (string Before, string After)[] changes)
    {
        return context with
        {
            Evidence =
            [
                .. context.Evidence.Select(item => item with
                {
                    Source = item.Source with { Name = New(item.Source.Name), Uid = item.Source.Uid is null ? null : New(item.Source.Uid) },
                    Text = New(item.Text),
                    Facts = item.Facts.ToDictionary(fact => fact.Key, fact => New($"\"{fact.Value}\"").Trim('"')),
                }),
            ],
        };

        string New(string text) => changes.Aggregate(text, (changed, change) => changed.Replace(change.Before, change.After, StringComparison.Ordinal));
    }
}
