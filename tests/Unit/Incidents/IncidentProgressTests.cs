using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class IncidentProgressTests
{
    private const int Rows = 400;
    private static readonly DateTimeOffset Now = Samples.Start.AddMinutes(10);
    private static readonly IncidentStep[] OfThePipeline = [IncidentStep.Enrich, IncidentStep.Analyse, IncidentStep.Redraw];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Times are seconds after the opening; what a row does not say is up to date.
    [Theory]
    [InlineData("new", IncidentStep.Enrich, 60, 1, 1, 0, 0, 0)]
    [InlineData("enriched", IncidentStep.Analyse, 60, 1, 1, 1, 0, 0)]
    [InlineData("a later revision is drawn, not enriched", IncidentStep.Enrich, 60, 2, 4, 1, 1, 4)]
    [InlineData("a later revision is drawn, not analysed", IncidentStep.Analyse, 60, 2, 4, 2, 1, 4)]
    [InlineData("analysed", IncidentStep.Redraw, 60, 1, 2, 1, 1, 0)]
    [InlineData("drawn", IncidentStep.Propose, 600, 1, 2, 1, 1, 2)]
    [InlineData("drawn, and proposals are on their way", IncidentStep.Propose, 660, 1, 2, 1, 1, 2, null, 660)]
    [InlineData("proposed", IncidentStep.Nothing, null, 1, 3, 1, 1, 3, 1)]
    [InlineData("an older analysis is proposed", IncidentStep.Propose, 600, 2, 3, 2, 2, 3, 1)]
    [InlineData("offers are owed at once", IncidentStep.Propose, 600, 1, 3, 1, 1, 3, 0)]
    [InlineData("offers could not be made", IncidentStep.Propose, 700, 1, 3, 1, 1, 3, 0, 700)]
    [InlineData("requested", IncidentStep.Verify, 80, 1, 3, 1, 1, 3, 1, null, 80)]
    [InlineData("requested and not drawn", IncidentStep.Redraw, 60, 1, 4, 1, 1, 3, 1, null, 80)]
    public void Next_AsTheRowStands_IsTheFirstThatIsOwed(
        string name, IncidentStep step, int? at, int revision, int version, int enriched, int analysed, int drawn, int? proposed = null, int? proposeAt = null, int? verifyAt = null)
    {
        name.ShouldNotBeEmpty();
        var incident = Samples.Incident(revision: revision, version: version);
        (incident.EnrichedRevision, incident.AnalyzedRevision, incident.DrawnVersion) = (enriched, analysed, drawn);
        (incident.ProposedRevision, incident.ProposeAt) = (proposed, At(proposeAt));

        IncidentProgress.Next(incident, Now, At(verifyAt)).ShouldBe(new NextStep(step, At(at)));
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(90, 70, 80, 70)]
    [InlineData(null, null, 80, 80)]
    public void Next_NothingIsOwed_IsWhenSomethingBetterMayCome(int? review, int? evidence, int? model, int? at)
    {
        var incident = Done();
        (incident.ReviewAt, incident.EvidenceRetryAt, incident.ModelRetryAt) = (At(review), At(evidence), At(model));

        IncidentProgress.Next(incident, Now).ShouldBe(new NextStep(IncidentStep.Nothing, At(at)));

        incident.ResolvedAt = Now;
        IncidentProgress.Next(incident, Now).ShouldBe(new NextStep(IncidentStep.Nothing));
    }

    [Fact]
    public void Next_ResolvedOrContinued_OwesNoProposalsAndNoAnalysis()
    {
        var resolved = Done();
        (resolved.ProposedRevision, resolved.ResolvedAt) = (null, Now);
        IncidentProgress.Next(resolved, Now).Step.ShouldBe(IncidentStep.Nothing);

        var continued = Samples.Incident(revision: 2, version: 3, resolvedAt: Now);
        continued.ContinuedIn = Guid.NewGuid();
        IncidentProgress.Next(continued, Now).Step.ShouldBe(IncidentStep.Redraw);
        continued.DrawnVersion = 3;
        IncidentProgress.Next(continued, Now).Step.ShouldBe(IncidentStep.Nothing);
    }

    // Its first message is not drawn before that.
    [Theory]
    [InlineData(30, 45)]
    [InlineData(50, 50)]
    public void Owed_NeverAnalysed_IncludesTheMessageFromTheAlertAlone(int driveAt, int at)
    {
        var incident = Samples.Incident();
        incident.DriveAt = Samples.Start.AddSeconds(driveAt);

        IncidentProgress.Owed(incident, Now).ShouldBe([new NextStep(IncidentStep.Enrich, At(driveAt)), new NextStep(IncidentStep.Redraw, At(at))]);
    }

    [Fact]
    public async Task Queries_GeneratedRows_FindWhatTheRuleSays()
    {
        var random = new Random(13);
        var rows = Enumerable.Range(0, Rows).Select(number => Generated(random, number)).ToArray();
        await using var store = await TemporaryStore.CreateAsync();
        await store.ChangeAsync(context =>
        {
            context.Incidents.AddRange(rows);
            return Task.CompletedTask;
        });

        await ShouldAgreeAsync("unfinished", incidents => incidents.Where(IncidentProgress.IsUnfinished), row => Steps(row).Intersect(OfThePipeline).Any());
        await ShouldAgreeAsync("undrawn", incidents => incidents.Where(IncidentProgress.IsUndrawn), row => Steps(row).Contains(IncidentStep.Redraw));
        await ShouldAgreeAsync("stalled", incidents => incidents.Stalled(Now), row => row.DriveAt <= Now && Steps(row).Intersect(OfThePipeline).Any());
        await ShouldAgreeAsync("stalled and drawable", incidents => incidents.Stalled(Now).Drawable(Now), row => Due(row).Contains(IncidentStep.Redraw));
        await ShouldAgreeAsync("proposals", incidents => incidents.ProposalsDue(Now), row => Due(row).Contains(IncidentStep.Propose));

        // What is looked at again after progress: the function and the same in the store.
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.DriveAt, IncidentProgress.LookAgain(Now)), Cancellation));
        var written = await store.IncidentsAsync();
        written.ToDictionary(row => row.Id, row => row.DriveAt).ShouldBe(rows.ToDictionary(row => row.Id, row => IncidentProgress.LookAgain(row, Now)), ignoreOrder: true);

        async Task ShouldAgreeAsync(string what, Func<IQueryable<Incident>, IQueryable<Incident>> query, Func<Incident, bool> rule)
        {
            var expected = rows.Where(rule).Select(row => row.Id).ToArray();
            expected.Length.ShouldBeInRange(1, Rows - 1, what);
            (await store.ReadAsync(context => query(context.Incidents).Select(i => i.Id).ToArrayAsync(Cancellation))).ShouldBe(expected, ignoreOrder: true, what);
        }
    }

    [Fact]
    public void Next_NobodyProposes_DoesNotWaitForProposals()
    {
        var incident = Done();
        (incident.ProposedRevision, incident.ModelRetryAt) = (null, At(700));

        IncidentProgress.Next(incident, Now, proposes: false).ShouldBe(new NextStep(IncidentStep.Nothing, At(700)));
        IncidentProgress.Next(incident, Now, verifyAt: At(80), proposes: false).ShouldBe(new NextStep(IncidentStep.Verify, At(80)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(5, 32)]
    [InlineData(6, 32)]
    [InlineData(1000, 32)]
    public void AfterDrive_WithoutProgress_DoublesUpToABound(int drives, int minutes)
    {
        var incident = Samples.Incident();
        incident.Drives = drives;

        IncidentProgress.AfterDrive(incident, Now).ShouldBe((Now.AddMinutes(minutes), drives + 1));
    }

    // A start takes up everything at once. The first message is asked for after 45 s all the same, and what joins meanwhile does not put that off.
    [Theory]
    [InlineData(0, 10, 45, 0)]
    [InlineData(0, 44, 45, 0)]
    [InlineData(0, 45, 105, 1)]
    [InlineData(1, 10, 70, 1)]
    public void AfterDrive_BeforeTheFirstMessageMayBeDrawn_LooksAgainWhenItMay(int drawn, int after, int next, int drives)
    {
        var incident = Samples.Incident();
        incident.DrawnVersion = drawn;

        (incident.DriveAt, incident.Drives) = IncidentProgress.AfterDrive(incident, Samples.Start.AddSeconds(after));

        (incident.DriveAt, incident.Drives).ShouldBe((Samples.Start.AddSeconds(next), drives));
        if (drives == 0)
        {
            IncidentProgress.LookAgain(incident, Samples.Start.AddSeconds(44)).ShouldBe(Samples.Start.AddSeconds(45));
        }
    }

    // A storm that joins before the first message must not put that off.
    [Theory]
    [InlineData(0, 0, 45)]
    [InlineData(0, 1, 90)]
    [InlineData(1, 0, 90)]
    public void LookAgain_ProgressAfter30s_PutsOffWhatHasAMessageOrWasDriven(int drawn, int drives, int seconds)
    {
        var incident = Samples.Incident();
        (incident.DriveAt, incident.DrawnVersion, incident.Drives) = (Samples.Start + IncidentProgress.AloneAfter, drawn, drives);

        IncidentProgress.LookAgain(incident, Samples.Start.AddSeconds(30)).ShouldBe(Samples.Start.AddSeconds(seconds));
    }

    private static DateTimeOffset? At(int? seconds) => seconds is { } given ? Samples.Start.AddSeconds(given) : null;

    private static IncidentStep[] Steps(Incident row) => [.. IncidentProgress.Owed(row, Now).Select(owed => owed.Step)];

    private static IncidentStep[] Due(Incident row) => [.. IncidentProgress.Owed(row, Now).Where(owed => owed.At <= Now).Select(owed => owed.Step)];

    private static Incident Done()
    {
        var incident = Samples.Incident(version: 3);
        (incident.EnrichedRevision, incident.AnalyzedRevision, incident.DrawnVersion, incident.ProposedRevision) = (1, 1, 3, 1);
        return incident;
    }

    // What a row can say at all, also what no stage writes; nobody's clock is exact, so the times lie close to now and to the opening.
    private static Incident Generated(Random random, int number)
    {
        var openedAt = Now.AddSeconds(-random.Next(0, 100));
        var subject = new Subject("Deployment", "x", $"{number}");
        var incident = new Incident
        {
            Id = Guid.CreateVersion7(Samples.Start),
            SubjectKey = SubjectKey.For(subject),
            SubjectKind = subject.Kind,
            SubjectName = subject.Name,
            OpenedAt = openedAt,
            ResolvedAt = Sometimes(Now),
            Revision = random.Next(1, 4),
            Version = random.Next(1, 5),
            DriveAt = openedAt.AddSeconds(random.Next(45, 130)),
            Drives = random.Next(0, 2),
            ProposeAt = Sometimes(Now.AddSeconds(random.Next(-5, 5))),
            ContinuedIn = random.Next(6) == 0 ? Guid.NewGuid() : null,
        };
        incident.EnrichedRevision = random.Next(0, incident.Revision + 1);
        incident.AnalyzedRevision = random.Next(0, incident.EnrichedRevision + 1);
        incident.DrawnVersion = random.Next(0, incident.Version + 1);
        incident.ProposedRevision = random.Next(2) == 0 ? random.Next(0, 4) : null;
        return incident;

        DateTimeOffset? Sometimes(DateTimeOffset time) => random.Next(3) == 0 ? time : null;
    }
}
