using AlertResponder.Contracts;
using AlertResponder.Enrichment;
using AlertResponder.Incidents;
using AlertResponder.Simulators;
using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Traffic;
using AlertResponder.Tests.Unit.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Enrichment;

/// <summary>What was told from names while the API did not answer: the pod looks like one of a Deployment and is an Argo Rollout's.</summary>
public sealed class GuessedSubjectTests : IAsyncLifetime
{
    private const string Pod = "api-7875d9cb7-zlb6f";
    private const string Manifests =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: api, namespace: shop, uid: r-1}
        spec: {replicas: 1, selector: {matchLabels: {app: api}}}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: api-7875d9cb7
          namespace: shop
          uid: rs-1
          labels: {app: api}
          ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: api, uid: r-1, controller: true}]
        spec: {replicas: 1, selector: {matchLabels: {app: api}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: api-7875d9cb7-zlb6f
          namespace: shop
          uid: p-1
          labels: {app: api}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: api-7875d9cb7, uid: rs-1, controller: true}]
        spec: {nodeName: node-1, containers: [{name: app, image: registry.example/app:1.0}]}
        status: {phase: Running}
        """;

    private static readonly Subject Deployment = new("Deployment", "shop", "api");
    private static readonly Subject Rollout = new("Rollout", "shop", "api");

    private readonly AlertReceived crashLoop = Alert("01");
    private EnrichmentRoom room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => room = await EnrichmentRoom.StartAsync(Manifests);

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task ReadAgain_ApiAnswers_GivesTheIncidentItsTrueSubject()
    {
        var guessed = await GuessAsync(crashLoop);

        var emissions = await room.ReadAgainAsync(guessed.IncidentId);

        emissions.Select(emission => emission.Message).OfType<IncidentChanged>().ShouldHaveSingleItem().IncidentId.ShouldBe(guessed.IncidentId);
        var context = emissions.Select(emission => emission.Message).OfType<ContextEnriched>().ShouldHaveSingleItem();
        (context.Subject, context.Revision).ShouldBe((Rollout, 2));
        var incident = await room.Store.IncidentAsync(guessed.IncidentId);
        (incident.Subject(), incident.SubjectKey, incident.SubjectIsGuess, incident.EvidenceRetryAt).ShouldBe((Rollout, SubjectKey.For(Rollout), null, null));

        // What fires there from now on finds it.
        (await room.EnrichAsync(Alert("02"))).Select(emission => emission.Message).OfType<IncidentChanged>().ShouldHaveSingleItem().IncidentId.ShouldBe(incident.Id);
    }

    [Fact]
    public async Task Enrich_ApiIsAway_GuessesAndKeepsTheGuessUntilItAnswers()
    {
        await using var outage = await EnrichmentRoom.StartAsync(new Story(Manifests, new Dictionary<string, string>()), new FastTime());
        using var fault = outage.Cluster.Faults.Always(ClusterFaults.Unavailable());
        var guessed = await outage.ContextAsync(crashLoop);

        (await outage.ReadAgainAsync(guessed.IncidentId)).ShouldBeEmpty();

        var incident = await outage.Store.IncidentAsync(guessed.IncidentId);
        (incident.Subject(), incident.SubjectIsGuess).ShouldBe((Deployment, true));
        incident.EvidenceRetryAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task ReadAgain_TrueSubjectHasAnOpenIncident_ContinuesThere()
    {
        var guessed = await GuessAsync(crashLoop);
        var known = await room.ContextAsync(Alert("02"));
        known.Subject.ShouldBe(Rollout);

        var emissions = await room.ReadAgainAsync(guessed.IncidentId);

        emissions.Select(emission => emission.Message).Cast<IncidentChanged>().Select(changed => (changed.IncidentId, changed.Change))
            .ShouldBe([(known.IncidentId, IncidentChange.Joined), (guessed.IncidentId, IncidentChange.Resolved)]);
        var ended = await room.Store.ReadAsync(context => context.ReadSnapshotAsync(guessed.IncidentId, Cancellation));
        (ended!.ResolvedAt is null, ended.ContinuedIn, ended.Alerts.Count).ShouldBe((false, Rollout, 0));
        var next = await room.Store.ReadAsync(context => context.ReadSnapshotAsync(known.IncidentId, Cancellation));
        (next!.ResolvedAt, next.Revision, next.Alerts.Count).ShouldBe((null, 1, 2));

        // The resolution of each finds its alert, and the last of them ends the incident.
        await room.EnrichAsync(Alert("02").Resolved());
        (await room.Store.IncidentAsync(known.IncidentId)).ResolvedAt.ShouldBeNull();
        await room.EnrichAsync(crashLoop.Resolved());
        (await room.Store.IncidentAsync(known.IncidentId)).ResolvedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task ReadAgain_NoMessageYet_IsShownAloneAsSoonAsBefore()
    {
        var guessed = await GuessAsync(crashLoop);
        var shownAt = (await room.Store.IncidentAsync(guessed.IncidentId)).DriveAt;

        await room.ReadAgainAsync(guessed.IncidentId);

        (await room.Store.IncidentAsync(guessed.IncidentId)).DriveAt.ShouldBe(shownAt);
    }

    [Fact]
    public async Task ReadAgain_ContinuesWithANewAlertName_IsGatheredForThere()
    {
        var guessed = await GuessAsync(Alert("01", "KubePodNotReady"));
        var known = await room.ContextAsync(Alert("02"));

        await room.ReadAgainAsync(guessed.IncidentId);

        var next = await room.Store.IncidentAsync(known.IncidentId);
        (next.Revision, next.EnrichedRevision).ShouldBe((2, 1));
        (await room.ContextAsync(Alert("01", "KubePodNotReady"))).Revision.ShouldBe(2);
    }

    [Fact]
    public async Task Enrich_GuessResolvedAndFiringAgain_IsReadAgain()
    {
        var guessed = await GuessAsync(crashLoop);
        await room.EnrichAsync(crashLoop.Resolved());
        await room.Store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.EvidenceRetryAt, (DateTimeOffset?)null), Cancellation));

        var again = await room.ContextAsync(crashLoop with { Alert = crashLoop.Alert with { StartsAt = crashLoop.Alert.StartsAt.AddMinutes(30) } });

        again.IncidentId.ShouldBe(guessed.IncidentId);
        (await room.Store.IncidentAsync(guessed.IncidentId)).EvidenceRetryAt.ShouldNotBeNull("the subject is a guess still");
    }

    [Fact]
    public async Task Enrich_AlertOfTheRevisionIsPartOfAnotherIncident_TheOneBeforeGathers()
    {
        var first = await room.ContextAsync(Alert("01"));
        await room.EnrichAsync(Alert("02", "KubePodNotReady"));
        var other = Samples.Incident();
        await room.Store.ChangeAsync(async context =>
        {
            context.Incidents.Add(other);
            await context.SaveChangesAsync(Cancellation);
            await context.Alerts.Where(a => a.Fingerprint == "02").ExecuteUpdateAsync(set => set.SetProperty(a => a.IncidentId, other.Id), Cancellation);
            await context.Incidents.Where(i => i.Id == first.IncidentId).ExecuteUpdateAsync(set => set.SetProperty(i => i.EnrichedRevision, 1), Cancellation);
        });

        var context = await room.ContextAsync(Alert("01"));

        (context.IncidentId, context.Revision).ShouldBe((first.IncidentId, 2));
    }

    private static AlertReceived Alert(string fingerprint, string name = "KubePodCrashLooping") =>
        Samples.Alert(fingerprint, name: name, labels: [("namespace", "shop"), ("pod", Pod)]).Received();

    // As enrichment leaves it when the API is away.
    private async Task<ContextEnriched> GuessAsync(AlertReceived received)
    {
        var context = await room.ContextAsync(received);
        await room.Store.ChangeAsync(async store =>
        {
            var incident = await store.Incidents.SingleAsync(i => i.Id == context.IncidentId, Cancellation);
            (incident.SubjectKey, incident.SubjectKind, incident.SubjectIsGuess) = (SubjectKey.For(Deployment), Deployment.Kind, true);
        });
        return context;
    }
}
