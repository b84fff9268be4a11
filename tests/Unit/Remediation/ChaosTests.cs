using System.Collections.Concurrent;
using System.Data.Common;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Audit;
using AlertResponder.Remediation.Execution;
using AlertResponder.Simulators.Traffic;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AlertResponder.Tests.Unit.Remediation;

/// <summary>
/// A thousand clicks, duplicates and redeliveries at once, while workers die before and after each commit and the cluster's answers are
/// lost: each proposal is carried out once at most, and nothing stays half done.
/// </summary>
public sealed class ChaosTests
{
    private const int Deliveries = 1000;
    private const int AtOnce = 8;
    private const int Workloads = 5;
    private const int Seed = 20261122;

    // Batches between two looks of the watch.
    private const int Unwatched = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ClicksCrashesAndRedeliveries_EachProposalIsCarriedOutOnceAtMost()
    {
        var random = new Random(Seed);
        var crashes = new Crashes(Seed);
        await using var room = await RemediationRoom.StartAsync(Manifests, interceptor: crashes, settings: ("Remediation:TwoPersonRule", "true"));
        List<Guid> incidents = [];
        foreach (var index in Enumerable.Range(0, Workloads))
        {
            incidents.Add((await OfferAsync(room, index)).IncidentId);
        }

        List<RemediationRequested> requests = [];
        for (var delivered = 0; delivered < Deliveries; delivered += AtOnce)
        {
            var known = await room.Store.ReadAsync(store => store.Proposals.AsNoTracking().OrderBy(proposal => proposal.Id).ToListAsync(Cancellation));
            var batch = Enumerable.Range(0, AtOnce).Select(_ => Next(random, room, known, requests)).ToList();
            requests.AddRange(batch);
            if (random.Next(4) == 0)
            {
                var fault = random.Next(3) switch { 0 => Fault.LostAnswer, 1 => Fault.HalfAnswer, _ => Fault.Cut };
                room.Cluster.Faults.Next(1 + random.Next(2), fault, request => request.Method is not "GET");
            }

            crashes.Probability = 0.15;
            await Task.WhenAll(batch.Select(request => Task.Run(() => SurviveAsync(() => room.DeliverAsync(request)), Cancellation)));
            room.Time.Advance(TimeSpan.FromSeconds(random.Next(40)));
            if (delivered / AtOnce % Unwatched == 0)
            {
                crashes.Probability = 0.05;
                await SurviveAsync(() => room.LookAsync(TimeSpan.Zero));
            }
        }

        crashes.Probability = 0;
        room.Cluster.Faults.Clear();
        await room.LookForAsync(TimeSpan.FromMinutes(40), step: TimeSpan.FromMinutes(4));

        crashes.Count.ShouldBeGreaterThan(50);
        await AssertNothingIsHalfDoneAsync(room, incidents);
        await AssertTheClusterHasEachOnceAsync(room);
        await AssertTheAuditTrailTellsEachOnceAsync(room);
        await AssertRedeliveriesAreAnsweredFromTheRecordAsync(room, requests);
        room.Cluster.AssertNoUnexpectedCalls();
    }

    private static string Manifests => string.Join("\n---\n",
    [
        "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}",
        .. Enumerable.Range(0, Workloads).Select(index => $$$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web-{{{index}}}, namespace: shop, uid: d-{{{index}}}, generation: 1}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web-{{{index}}} } }
              template: {metadata: {labels: {app: web-{{{index}}} } }, spec: {containers: [{name: web, image: "web:1", resources: {limits: {memory: 256Mi, cpu: 200m} } }]} }
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: single-{{{index}}}, namespace: shop, uid: p-{{{index}}} }
            spec: {containers: [{name: app, image: "app:1"}]}
            status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: migrate-{{{index}}}, namespace: shop, uid: j-{{{index}}} }
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: "migrate:1"}]} } }
            status: {failed: 2, conditions: [{type: Failed, status: "True"}]}
            """),
    ]);

    private static Task<(Guid IncidentId, Proposal[] Proposals)> OfferAsync(RemediationRoom room, int index) => room.OfferedAsync(
        new Subject("Deployment", "shop", $"web-{index}"),
        Shop.Action("increase-memory-limit", $"Deployment/web-{index}", ("container", "web"), ("currentLimit", "256Mi")),
        Shop.Action("restart-workload", $"Deployment/web-{index}"),
        Shop.Action("scale-workload", $"Deployment/web-{index}", ("replicas", "2")),
        Shop.Action("rerun-job", $"Job/migrate-{index}"),
        Shop.Action("delete-pod", $"Pod/single-{index}"));

    private static RemediationRequested Next(Random random, RemediationRoom room, List<Proposal> known, List<RemediationRequested> earlier)
    {
        if (earlier.Count > 0 && random.Next(10) < 4)
        {
            return earlier[random.Next(earlier.Count)];
        }

        var verb = random.Next(10) switch { 0 => RemediationVerb.Preview, 1 or 2 => RemediationVerb.Undo, _ => RemediationVerb.Execute };
        var person = random.Next(6) switch { 0 => "U0STRANGER", < 4 => RemediationRoom.Approver, _ => RemediationRoom.Second };
        return room.Click(known[random.Next(known.Count)], verb, person);
    }

    // What dies is delivered again by chance, or taken up by the watch.
    private static async Task SurviveAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CrashException)
        {
        }
    }

    private static async Task AssertNothingIsHalfDoneAsync(RemediationRoom room, List<Guid> incidents)
    {
        foreach (var incident in incidents)
        {
            foreach (var proposal in await room.ProposalsAsync(incident))
            {
                proposal.State.ShouldNotBeOneOf(ProposalState.Claimed, ProposalState.Undoing, ProposalState.Applied, ProposalState.RollingOut);
            }
        }

        var records = await room.Store.ReadAsync(store => store.Remediations.AsNoTracking().Where(entry => entry.Reply == null).Select(entry => entry.Json).ToListAsync(Cancellation));
        var outcomes = records.ConvertAll(StoredJson.Read<RemediationCompleted>).Where(completed => completed.Outcome is not RemediationOutcome.Refused)
            .GroupBy(completed => (completed.ProposalId, completed.Outcome)).ToList();
        outcomes.ShouldNotBeEmpty();
        outcomes.ShouldAllBe(same => same.Count() == 1);
        outcomes.Select(same => same.Key.Outcome).Distinct().ShouldBe([RemediationOutcome.Applied, RemediationOutcome.Ineffective, RemediationOutcome.Undone], ignoreOrder: true);
    }

    // An object's generation counts the changes of its spec.
    private static async Task AssertTheClusterHasEachOnceAsync(RemediationRoom room)
    {
        var all = await room.Store.ReadAsync(store => store.Proposals.AsNoTracking().ToListAsync(Cancellation));
        var changes = 0;
        foreach (var index in Enumerable.Range(0, Workloads))
        {
            var ofDeployment = all.Where(proposal => StoredJson.Read<SuggestedAction>(proposal.ActionJson).Target.Name == $"web-{index}").ToList();
            var expected = ofDeployment.Count(proposal => proposal.AppliedAt is not null) + ofDeployment.Count(proposal => proposal.State == ProposalState.Undone);
            var generation = (await room.ObjectAsync($"apis/apps/v1/namespaces/shop/deployments/web-{index}"))!["metadata"]!["generation"]!.GetValue<int>();
            (generation - 1).ShouldBe(expected, $"web-{index}");
            changes += expected;
        }

        changes.ShouldBeGreaterThan(Workloads);
        var jobs = (await room.ObjectAsync("apis/batch/v1/namespaces/shop/jobs"))!["items"]!.AsArray().Select(job => job!["metadata"]!["name"]!.ToString()).ToList();
        jobs.Count(name => name.Contains("-again-", StringComparison.Ordinal))
            .ShouldBe(all.Count(proposal => proposal is { Kind: "rerun-job", AppliedAt: not null }));
        var pods = (await room.ObjectAsync("api/v1/namespaces/shop/pods"))!["items"]!.AsArray().Count(pod => pod!["metadata"]!["name"]!.ToString().StartsWith("single-", StringComparison.Ordinal));
        pods.ShouldBe(Workloads - all.Count(proposal => proposal is { Kind: "delete-pod", AppliedAt: not null }));
    }

    private static async Task AssertTheAuditTrailTellsEachOnceAsync(RemediationRoom room)
    {
        (await room.Store.ReadAsync(store => AuditTrail.VerifyAsync(store, known: null, Cancellation))).Problem.ShouldBeNull();
        var trail = await room.Store.ReadAsync(async store => await AuditTrail.ReadAsync(store, 0, Cancellation).ToListAsync(Cancellation));
        var all = await room.Store.ReadAsync(store => store.Proposals.AsNoTracking().ToListAsync(Cancellation));
        trail.Where(row => row.Step == AuditStep.Applied).Select(row => row.ProposalId)
            .ShouldBe(all.Where(proposal => proposal.AppliedAt is not null).Select(proposal => proposal.Id), ignoreOrder: true);
        trail.Where(row => row.Step == AuditStep.Undone).Select(row => row.ProposalId)
            .ShouldBe(all.Where(proposal => proposal.State == ProposalState.Undone).Select(proposal => proposal.Id), ignoreOrder: true);
        trail.ShouldContain(row => row.Step == AuditStep.Refused && row.Actor == "U0STRANGER");
    }

    private static async Task AssertRedeliveriesAreAnsweredFromTheRecordAsync(RemediationRoom room, List<RemediationRequested> requests)
    {
        var before = room.Writes().Count;
        var answers = new ConcurrentDictionary<Guid, object>();
        foreach (var request in requests.Concat(requests).Where((_, index) => index % 7 == 0))
        {
            foreach (var emission in (await room.DeliverAsync(request)).Where(emission => emission.Message is RemediationCompleted))
            {
                answers.GetOrAdd(RemediationDesk.RequestId(request), emission.Message).ShouldBe(emission.Message);
            }
        }

        answers.ShouldNotBeEmpty();
        (await room.Store.ReadAsync(store => store.Proposals.CountAsync(proposal => proposal.State == ProposalState.Claimed, Cancellation))).ShouldBe(0);
        room.Writes().Count.ShouldBeInRange(before, before + requests.Count);
    }

    private sealed class CrashException() : Exception("The process has died.");

    /// <summary>Ends a worker before or after a commit.</summary>
    private sealed class Crashes(int seed) : DbTransactionInterceptor
    {
        private readonly Random random = new(seed);
        private int count;

        public double Probability { get; set; }

        public int Count => count;

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            Die();
            return ValueTask.FromResult(result);
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Die();
            return Task.CompletedTask;
        }

        private void Die()
        {
            lock (random)
            {
                if (random.NextDouble() >= Probability)
                {
                    return;
                }
            }

            Interlocked.Increment(ref count);
            throw new CrashException();
        }
    }
}
