using System.Net;
using System.Text.Json.Nodes;
using AlertResponder.Connections.Slack;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Slack;
using AlertResponder.Incidents;
using AlertResponder.Simulators.Slack;
using AlertResponder.Tests.Unit.Time;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>Clicks over HTTP, as Slack sends them and as others would.</summary>
public sealed class InteractionEndpointTests : IAsyncLifetime
{
    private ClickWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What a signed request must not become.</summary>
    public static TheoryData<string, Func<SlackCallback, SlackCallback>> Forgeries => new()
    {
        { "cut", callback => callback with { Body = callback.Body[..^1] } },
        { "cut in half", callback => callback with { Body = callback.Body[..(callback.Body.Length / 2)] } },
        { "without a body", callback => callback with { Body = "" } },
        { "longer", callback => callback with { Body = callback.Body + "&payload={}" } },
        { "of another person", callback => callback with { Body = callback.Body.Replace(ClickWorld.Clicker, "U0ANOTHER", StringComparison.Ordinal) } },
        { "at another time", callback => callback with { Timestamp = $"{long.Parse(callback.Timestamp, System.Globalization.CultureInfo.InvariantCulture) + 1}" } },
        { "with another signature", callback => callback with { Signature = callback.Signature[..^1] + (callback.Signature[^1] == '0' ? '1' : '0') } },
        { "with a cut signature", callback => callback with { Signature = callback.Signature[..^2] } },
        { "without a signature", callback => callback with { Signature = "v0=" } },
    };

    public async ValueTask InitializeAsync() => world = await ClickWorld.CreateAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_Click_IsPublishedOnceWithWhatItMeans(bool durableBus)
    {
        var url = await world.StartAsync(durableBus);

        var answer = await world.Callback().SendAsync(url, Cancellation);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldBeEmpty();
        await world.Bus.ReceivedAsync(1);
        var delivery = world.Bus.Deliveries.ShouldHaveSingleItem();
        var request = delivery.Message.ShouldBeOfType<RemediationRequested>();
        request.ShouldBeEquivalentTo(new RemediationRequested(
            world.Incident.Id, world.ProposalId, RemediationVerb.Execute, ClickWorld.Clicker, request.RequestedAt, "slack", SlackSimulator.AlertsChannel, new List<string>(), delivery.Id));
        delivery.Id.ShouldBe((await ClicksAsync()).ShouldHaveSingleItem().Id);
        await Eventually.TrueAsync(async () => (await ClicksAsync()).All(click => click.Handled), "the click is answered");
        world.Slack.AssertNoUnexpectedCalls();
    }

    [Theory]
    [MemberData(nameof(Forgeries), DisableDiscoveryEnumeration = true)]
    public async Task Post_Forged_Is401AndNothingIsPublished(string how, Func<SlackCallback, SlackCallback> forge)
    {
        var url = await world.StartAsync();

        var answer = await forge(world.Callback()).SendAsync(url, Cancellation);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized, how);
        await NothingIsPublishedAsync();
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public async Task Post_SignedTooLongAgoOrTooFarAhead_Is401(int minutes)
    {
        var url = await world.StartAsync();

        (await world.Callback(at: TimeProvider.System.GetUtcNow().AddMinutes(minutes)).SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        await NothingIsPublishedAsync();
    }

    [Fact]
    public async Task Post_SignedWithAnotherSecret_Is401()
    {
        var url = await world.StartAsync();

        (await world.Callback(secret: "not-the-signing-secret").SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        await NothingIsPublishedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ReplayedAlsoAfterARestart_IsRefusedAndPublishedOnce(bool durableBus)
    {
        var callback = world.Callback();
        (await callback.SendAsync(await world.StartAsync(durableBus), Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await ClicksAsync()).All(click => click.Handled), "the click is answered");
        await world.StopAsync();
        var url = await world.StartAsync(durableBus);

        for (var again = 0; again < 3; again++)
        {
            (await callback.SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Conflict);
        }

        // A later click is another one.
        (await world.Callback().SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        await world.Bus.ReceivedAsync(2);
        world.Bus.Deliveries.Select(delivery => delivery.Id).Distinct().Count().ShouldBe(2);
        world.Bus.Deliveries.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_SeveralCopiesAtOnce_AcceptsOne(bool durableBus)
    {
        var url = await world.StartAsync(durableBus);
        var callback = world.Callback();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => callback.SendAsync(url, Cancellation)));

        answers.Select(answer => answer.Status).Order().ShouldBe([HttpStatusCode.OK, .. Enumerable.Repeat<HttpStatusCode?>(HttpStatusCode.Conflict, 7)]);
        await world.Bus.ReceivedAsync(1);
        world.Bus.Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Post_BrokerIsDown_Is503UntilItIsBack()
    {
        var url = await world.StartAsync();
        var callback = world.Callback();
        world.BrokerIsDown = true;

        (await callback.SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        (await ClicksAsync()).ShouldBeEmpty();
        world.BrokerIsDown = false;
        (await callback.SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        await world.Bus.ReceivedAsync(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_StoreCannotBeWritten_Is503(bool durableBus)
    {
        var url = await world.StartAsync(durableBus);
        await world.Store.ChangeAsync(context => context.Database.ExecuteSqlAsync($"DROP TABLE clicks", Cancellation));

        var answer = await world.Callback().SendAsync(url, Cancellation);

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Body.ShouldNotContain("clicks");
        world.Bus.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_StoppedBeforeItWasAnswered_IsPublishedAfterTheRestart()
    {
        await using var crashing = await ClickWorld.CreateAsync(delivery => throw new IOException($"{delivery.Id} stops halfway"));
        (await crashing.Callback().SendAsync(await crashing.StartAsync(durableBus: false), Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        await crashing.Bus.ReceivedAsync(1);
        await crashing.StopAsync();

        await crashing.StartAsync(durableBus: false);

        await crashing.Bus.ReceivedAsync(2);
        crashing.Bus.Deliveries.Select(delivery => delivery.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Post_OnAMessageOfAnotherAppOrWorkspace_Is403()
    {
        var url = await world.StartAsync();

        (await world.Callback(payload => payload["message"]!["user"] = "U0OTHERBOT").SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await world.Callback(payload => payload.Remove("message")).SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await world.Callback(payload => payload["team"]!["id"] = "T0OTHER").SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.Forbidden);

        await NothingIsPublishedAsync();
    }

    [Fact]
    public async Task Post_SlackDoesNotSayWhoWeAre_Is503()
    {
        var url = await world.StartAsync(settings: ("Slack:BotToken", "xoxb-revoked"));

        (await world.Callback().SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await NothingIsPublishedAsync();
    }

    [Fact]
    public async Task Post_ProposalIsGone_GoesToTheIncidentOfTheMessage()
    {
        var url = await world.StartAsync();
        var gone = Guid.NewGuid();
        var message = await world.PostAsync(gone, world.Incident.Id);

        (await world.Slack.ClickAsync(message, RemediationButtons.ActionId(RemediationVerb.Execute, gone), ClickWorld.Clicker, url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);

        await world.Bus.ReceivedAsync(1);
        var request = world.Bus.Deliveries.Single().Message.ShouldBeOfType<RemediationRequested>();
        (request.IncidentId, request.ProposalId).ShouldBe((world.Incident.Id, gone));
    }

    [Fact]
    public async Task Post_ProposalAndIncidentAreGone_Is404()
    {
        var url = await world.StartAsync();
        var gone = Guid.NewGuid();
        var message = await world.PostAsync(gone, Guid.NewGuid());

        (await world.Slack.ClickAsync(message, RemediationButtons.ActionId(RemediationVerb.Execute, gone), ClickWorld.Clicker, url, Cancellation)).Status.ShouldBe(HttpStatusCode.NotFound);

        await NothingIsPublishedAsync();
    }

    [Fact]
    public async Task Post_MetadataOfAnotherIncident_DoesNotMoveAProposal()
    {
        var url = await world.StartAsync();

        (await world.Callback(payload => payload["message"]!["metadata"]!["event_payload"]!["incident_id"] = Guid.NewGuid().ToString("D")).SendAsync(url, Cancellation))
            .Status.ShouldBe(HttpStatusCode.OK);

        await world.Bus.ReceivedAsync(1);
        world.Bus.Deliveries.Single().Message.ShouldBeOfType<RemediationRequested>().IncidentId.ShouldBe(world.Incident.Id);
    }

    [Fact]
    public async Task Post_WhatIsNoClickOnAButtonOfOurs_IsAcceptedAndIgnored()
    {
        var url = await world.StartAsync();

        (await world.Slack.ClickAsync(world.Message, "runbook", ClickWorld.Clicker, url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        (await world.Callback(payload => payload["type"] = "view_submission").SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        (await world.Callback(payload => payload["actions"] = new JsonArray()).SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);
        (await world.Callback(payload => payload["user"]!["id"] = "<!channel>").SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);

        await NothingIsPublishedAsync();
    }

    [Fact]
    public async Task Post_SignedJunk_Is400()
    {
        var url = await world.StartAsync();

        (await SendAsync(url, Signed("payload=%7B"))).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(url, Signed("other={}"))).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(url, Signed(""))).ShouldBe(HttpStatusCode.BadRequest);

        await NothingIsPublishedAsync();
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_LargestBody_IsReadAndALargerOneRefused(int more, HttpStatusCode expected)
    {
        var url = await world.StartAsync();

        (await SendAsync(url, Signed(new string('x', InteractionEndpoint.MaxBodyBytes + more)))).ShouldBe(expected);
    }

    [Fact]
    public async Task Post_WithoutASigningSecret_Is404AndSaysWhichSetting()
    {
        var url = await world.StartAsync(settings: ("Slack:SigningSecret", null));

        var answer = await world.Callback().SendAsync(url, Cancellation);

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Body.ShouldContain("Slack:SigningSecret");
        await NothingIsPublishedAsync();
    }

    [Fact]
    public async Task Post_ByAMemberOfAGroupThatApproves_NamesTheGroupAndAsksSlackOnce()
    {
        world.Slack.AddUserGroup("S0ONCALL", ClickWorld.Clicker, "U0ANOTHER");
        world.Slack.AddUserGroup("S0STRANGERS", "U0ANOTHER");
        var url = await world.StartAsync(settings: [("Remediation:Approvers:0", "@S0ONCALL"), ("Remediation:Approvers:1:Group", "S0STRANGERS"), ("Remediation:Approvers:2", "U0BOSS")]);

        await world.Callback().SendAsync(url, Cancellation);
        await world.Callback().SendAsync(url, Cancellation);

        await world.Bus.ReceivedAsync(2);
        world.Bus.Deliveries.ShouldAllBe(delivery => ((RemediationRequested)delivery.Message).Groups!.SequenceEqual(new[] { "S0ONCALL" }));
        world.Slack.Requests.Count(request => request.Path == "/api/usergroups.users.list").ShouldBe(2, "one for each group");
        world.Slack.AssertNoUnexpectedCalls();
    }

    [Fact]
    public async Task Post_GroupThatCannotBeRead_LeavesItUnknown()
    {
        var url = await world.StartAsync(settings: ("Remediation:Approvers:0", "@S0NOWHERE"));

        (await world.Callback().SendAsync(url, Cancellation)).Status.ShouldBe(HttpStatusCode.OK);

        await world.Bus.ReceivedAsync(1);
        world.Bus.Deliveries.Single().Message.ShouldBeOfType<RemediationRequested>().Groups.ShouldBeNull();
    }

    private async Task<ClickEntry[]> ClicksAsync() => await world.Store.ReadAsync(context => context.Clicks.AsNoTracking().ToArrayAsync(Cancellation));

    // Publishing comes before the answer, or after a record.
    private async Task NothingIsPublishedAsync()
    {
        world.Bus.Deliveries.ShouldBeEmpty();
        (await ClicksAsync()).ShouldBeEmpty();
    }

    internal static SlackCallback Signed(string body)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var hash = System.Security.Cryptography.HMACSHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(SlackSimulator.DefaultSigningSecret), System.Text.Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}"));
        return new SlackCallback(body, timestamp, $"v0={Convert.ToHexStringLower(hash)}");
    }

    private static async Task<HttpStatusCode?> SendAsync(Uri url, SlackCallback callback) => (await callback.SendAsync(url, Cancellation)).Status;
}
