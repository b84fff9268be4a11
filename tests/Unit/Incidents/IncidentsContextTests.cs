using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class IncidentsContextTests : IAsyncLifetime
{
    private TemporaryStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => store = await TemporaryStore.CreateAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Save_SecondOpenIncidentOfASubject_IsRefused()
    {
        await AddAsync(Samples.Incident());

        await Should.ThrowAsync<DbUpdateException>(AddAsync(Samples.Incident()));

        (await store.IncidentsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Save_ResolvedIncidentsOfASubject_ArePermittedBesideAnOpenOne()
    {
        await AddAsync(Samples.Incident(resolvedAt: Samples.Start));
        await AddAsync(Samples.Incident(resolvedAt: Samples.Start));
        await AddAsync(Samples.Incident());

        (await store.IncidentsAsync()).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Save_OpenIncidentsOfOtherSubjects_ArePermitted()
    {
        await AddAsync(Samples.Incident());
        await AddAsync(Samples.Incident(new Subject("CronJob", "other", "price-scraper")));

        (await store.IncidentsAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Save_ReopenedBesideAnOpenOne_IsRefused()
    {
        var resolved = Samples.Incident(resolvedAt: Samples.Start);
        await AddAsync(resolved);
        await AddAsync(Samples.Incident());

        await Should.ThrowAsync<DbUpdateException>(store.ChangeAsync(async context =>
            (await context.Incidents.SingleAsync(incident => incident.Id == resolved.Id, Cancellation)).ResolvedAt = null));
    }

    [Fact]
    public async Task Save_VersionWasRaisedMeanwhile_IsRefusedAndLosesNothing()
    {
        var incident = Samples.Incident();
        await AddAsync(incident);
        await using var scope = store.Open();
        var stale = await scope.Context.Incidents.SingleAsync(Cancellation);
        await store.ReadAsync(context => context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(i => i.Version, i => i.Version + 1), Cancellation));

        stale.Version++;
        await Should.ThrowAsync<DbUpdateConcurrencyException>(scope.Context.SaveChangesAsync(Cancellation));

        (await store.IncidentAsync(incident.Id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Save_Times_ComeBackInMicrosecondsAndUtc()
    {
        var time = new DateTimeOffset(2026, 11, 22, 4, 13, 0, TimeSpan.FromHours(2)).AddMicroseconds(764_335);
        var incident = Samples.Incident();
        incident.ModelRetryAt = time;
        incident.DrawClaimedUntil = DateTimeOffset.UnixEpoch.AddMicroseconds(-1);
        await AddAsync(incident);

        var read = await store.IncidentAsync(incident.Id);

        read.ModelRetryAt.ShouldBe(time);
        read.ModelRetryAt!.Value.Offset.ShouldBe(TimeSpan.Zero);
        read.DrawClaimedUntil.ShouldBe(DateTimeOffset.UnixEpoch.AddMicroseconds(-1));
        (await store.ReadAsync(context => context.Incidents.CountAsync(i => i.ModelRetryAt == time, Cancellation))).ShouldBe(1);
        (await store.ReadAsync(context => context.Incidents.CountAsync(i => i.ModelRetryAt > time.AddMicroseconds(-1) && i.ModelRetryAt < time.AddMicroseconds(1), Cancellation))).ShouldBe(1);
    }

    [Fact]
    public async Task BeginExclusive_Twice_OneWaitsForTheOther()
    {
        await AddAsync(Samples.Incident());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            await using var scope = store.Open();
            await using var transaction = await scope.Context.BeginExclusiveAsync("key", Cancellation);
            var incident = await scope.Context.Incidents.SingleAsync(Cancellation);
            incident.Version++;
            await scope.Context.SaveChangesAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        }, Cancellation)));

        (await store.IncidentsAsync()).Single().Version.ShouldBe(11);
    }

    [Fact]
    public async Task BeginExclusive_WhileAnotherRuns_WaitsWithoutBlockingTheThread()
    {
        await using var first = store.Open();
        await using var second = store.Open();
        await using var third = store.Open();
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var transaction = await first.Context.BeginExclusiveAsync("a", Cancellation);
        first.Context.Incidents.Add(Samples.Incident());
        await first.Context.SaveChangesAsync(Cancellation);

        var waiting = second.Context.BeginExclusiveAsync("b", Cancellation);
        var givingUp = third.Context.BeginExclusiveAsync("c", impatience.Token);
        waiting.IsCompleted.ShouldBeFalse();
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(givingUp);
        await transaction.DisposeAsync();

        await using var next = await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        (await second.Context.Incidents.CountAsync(Cancellation)).ShouldBe(0, "what is not committed has not happened");
    }

    [Fact]
    public async Task ExecuteUpdate_WhileATransactionRuns_WaitsWithoutBlockingTheThread()
    {
        await AddAsync(Samples.Incident());
        await using var first = store.Open();
        await using var second = store.Open();
        await using var third = store.Open();
        using var impatience = new CancellationTokenSource();
        var transaction = await first.Context.BeginExclusiveAsync("a", Cancellation);
        first.Context.Incidents.Add(Samples.Incident(new Subject("Node", null, "k3s-agent-1")));
        await first.Context.SaveChangesAsync(Cancellation);

        var waiting = CountUpAsync(second.Context, Cancellation);
        var givingUp = CountUpAsync(third.Context, impatience.Token);
        waiting.IsCompleted.ShouldBeFalse();
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(givingUp);
        await transaction.CommitAsync(Cancellation);
        await transaction.DisposeAsync();

        (await waiting).ShouldBe(2);
    }

    [Fact]
    public async Task ExecuteUpdate_FailsOrGivesUp_LeavesTheTurnToOneOther()
    {
        await AddAsync(Samples.Incident());
        await using var first = store.Open();
        await using var second = store.Open();
        using var impatience = new CancellationTokenSource();
        await using (await first.Context.BeginExclusiveAsync("a", Cancellation))
        {
            var givingUp = CountUpAsync(second.Context, impatience.Token);
            await impatience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(givingUp);
        }

        await using (var third = store.Open())
        {
            await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(third.Context.Database.ExecuteSqlAsync($"UPDATE nothing SET x = 1", Cancellation));
        }

        var transaction = await first.Context.BeginExclusiveAsync("a", Cancellation);
        var waiting = CountUpAsync(second.Context, Cancellation);
        waiting.IsCompleted.ShouldBeFalse();
        await transaction.DisposeAsync();
        (await waiting).ShouldBe(1);
    }

    [Fact]
    public async Task ReadSnapshot_UnknownIncident_IsNull() =>
        (await store.ReadAsync(context => context.ReadSnapshotAsync(Guid.NewGuid(), Cancellation))).ShouldBeNull();

    [Fact]
    public async Task ReadSnapshot_NewIncident_HasNoContextAndNoAnalysis()
    {
        var incident = Samples.Incident();
        await AddAsync(incident);

        var snapshot = (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation))).ShouldNotBeNull();

        snapshot.Subject.ShouldBe(new Subject("CronJob", "cardboard", "price-scraper"));
        snapshot.Context.ShouldBeNull();
        snapshot.Analysis.ShouldBeNull();
        snapshot.Alerts.ShouldBeEmpty();
        snapshot.Remediations.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadSnapshot_FullIncident_HasEverythingOfItAndNothingOfOthers()
    {
        var incident = Samples.Incident(revision: 2, version: 5, resolvedAt: Samples.Start.AddHours(1));
        incident.Reopened = 1;
        incident.ExternalUrl = "http://alertmanager.example:9093";
        incident.ContextJson = StoredJson.Write(Samples.Context(incident.Id, 2));
        incident.AnalysisJson = StoredJson.Write(Samples.Analysis(incident.Id, 2));
        var other = Samples.Incident(new Subject("Node", null, "k3s-agent-1"));
        var late = Samples.Alert("02", startsAt: Samples.Start.AddMinutes(-1)).Received();
        var early = Samples.Alert("01", startsAt: Samples.Start.AddMinutes(-9)).Received();
        var resolvedRow = Samples.Row(early, incident.Id, 1);
        resolvedRow.Status = AlertStatus.Resolved;
        resolvedRow.EndsAt = Samples.Start.AddMinutes(59);
        resolvedRow.Repeats = 4;
        await store.ChangeAsync(context =>
        {
            context.Incidents.AddRange(incident, other);
            context.Alerts.AddRange(Samples.Row(late, incident.Id), resolvedRow, Samples.Row(Samples.Alert("03").Received(), other.Id), Samples.Row(Samples.Alert("04").Received(), null));
            context.Remediations.AddRange(Remediation(incident.Id, 2), Remediation(incident.Id, 1), Remediation(other.Id, 1));
            return Task.CompletedTask;
        });

        var snapshot = (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation))).ShouldNotBeNull();

        (snapshot.Revision, snapshot.Version, snapshot.Reopened, snapshot.ExternalUrl).ShouldBe((2, 5, 1, "http://alertmanager.example:9093"));
        (snapshot.OpenedAt, snapshot.ResolvedAt).ShouldBe((Samples.Start, Samples.Start.AddHours(1)));
        snapshot.Alerts.Select(alert => (alert.Alert.Fingerprint, alert.Alert.Status, alert.Alert.EndsAt, alert.Repeats)).ShouldBe(
        [
            ("01", AlertStatus.Resolved, Samples.Start.AddMinutes(59), 4),
            ("02", AlertStatus.Firing, null, 0),
        ]);
        snapshot.Context.ShouldNotBeNull().Evidence.Select(item => item.Id).ShouldBe(["e1", "e2"]);
        snapshot.Analysis.ShouldNotBeNull().Diagnosis.Cause.ShouldBe("scraper was OOMKilled");
        snapshot.Remediations.Select(entry => entry.CompletedAt).ShouldBe([Samples.Start.AddMinutes(1), Samples.Start.AddMinutes(2)]);
    }

    [Fact]
    public async Task ReadSnapshot_TruncatedGroups_AddUpToWhatAlertmanagerSaidLast()
    {
        var incident = Samples.Incident();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Alerts.AddRange(
                Samples.Row(Samples.Alert("01").Received() with { GroupKey = "a", TruncatedAlerts = 3 }, incident.Id),
                Samples.Row(Samples.Alert("02").Received() with { GroupKey = "a", TruncatedAlerts = 5, ReceivedAt = Samples.Start.AddMinutes(1) }, incident.Id),
                Samples.Row(Samples.Alert("03").Received() with { GroupKey = "b", TruncatedAlerts = 10 }, incident.Id),
                Samples.Row(Samples.Alert("04").Received() with { GroupKey = "c" }, incident.Id));
            return Task.CompletedTask;
        });

        (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation)))!.TruncatedAlerts.ShouldBe(15);
    }

    [Fact]
    public async Task ReadSnapshot_MoreAlertsThanAMessageIsDrawnFrom_HasTheNewestOfEachKindAndCountsAll()
    {
        var incident = Samples.Incident();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            for (var number = 0; number < 350; number++)
            {
                var row = Samples.Row(Samples.Alert($"{number:x4}", startsAt: Samples.Start.AddSeconds(number)).Received(), incident.Id);
                if (number >= 210)
                    row.Status = AlertStatus.Resolved;
                context.Alerts.Add(row);
            }

            return Task.CompletedTask;
        });

        var snapshot = (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation)))!;

        snapshot.AlertCounts.ShouldBe([new AlertCount("KubePodCrashLooping", 210, 140)]);
        snapshot.Alerts.Count(alert => alert.Alert.Status == AlertStatus.Firing).ShouldBe(200);
        snapshot.Alerts.Count(alert => alert.Alert.Status == AlertStatus.Resolved).ShouldBe(100);
        snapshot.Alerts.Select(alert => alert.Alert.Fingerprint).ShouldBeInOrder();
        snapshot.Alerts[0].Alert.Fingerprint.ShouldBe("000a", "the oldest are left out");
    }

    [Theory]
    [InlineData(50)]
    [InlineData(60)]
    public async Task ReadSnapshot_FewAlertsOrMore_ReadsEachRowOnce(int alerts)
    {
        var incident = Samples.Incident();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Alerts.AddRange(Enumerable.Range(0, alerts).Select(number => Samples.Row(Samples.Alert(number.ToString("x4", CultureInfo.InvariantCulture)).Received(), incident.Id)));
            return Task.CompletedTask;
        });
        RowsRead read = new();
        await using var provider = new ServiceCollection().AddDbContext<IncidentsContext, SqliteIncidentsContext>(options => options.UseSqlite(store.ConnectionString).AddInterceptors(read)).BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        var snapshot = (await scope.ServiceProvider.GetRequiredService<IncidentsContext>().ReadSnapshotAsync(incident.Id, Cancellation))!;

        (snapshot.Alerts.Count, read.Alerts).ShouldBe((alerts, alerts));
    }

    private sealed class RowsRead : IMaterializationInterceptor
    {
        public int Alerts { get; private set; }

        public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
        {
            Alerts += entity is IncidentAlert ? 1 : 0;
            return entity;
        }
    }

    [Fact]
    public async Task ReadSnapshot_AlertThatThisVersionCannotRead_IsToldByItsRowAndSaysSo()
    {
        var incident = Samples.Incident();
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Alerts.Add(Samples.Row(Samples.Alert("01").Received(), incident.Id));
            context.Alerts.Add(Samples.Row(Samples.Alert("02").Received(), incident.Id)).Property(a => a.ReceivedJson).CurrentValue = "null";
            return Task.CompletedTask;
        });

        var snapshot = (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation)))!;

        snapshot.IsIncomplete.ShouldBeTrue();
        snapshot.Alerts.Select(alert => alert.Alert.Fingerprint).ShouldBe(["01", "02"]);
    }

    [Fact]
    public async Task ReadSnapshot_PartsThatThisVersionCannotRead_DoesWithoutThem()
    {
        var incident = Samples.Incident();
        incident.ContextJson = StoredJson.Write(Samples.Context(incident.Id));
        incident.AnalysisJson = StoredJson.Write(Samples.Analysis(incident.Id)).Replace("\"Critical\"", "\"Catastrophic\"", StringComparison.Ordinal);
        var alert = Samples.Row(Samples.Alert("01").Received(), incident.Id);
        await store.ChangeAsync(context =>
        {
            context.Incidents.Add(incident);
            context.Alerts.Add(alert).Property(a => a.ReceivedJson).CurrentValue = "null";
            context.Remediations.Add(new RemediationEntry { Id = Guid.NewGuid(), IncidentId = incident.Id, CompletedAt = Samples.Start, Json = "{\"outcome\":\"Transcended\"}" });
            return Task.CompletedTask;
        });

        var snapshot = (await store.ReadAsync(context => context.ReadSnapshotAsync(incident.Id, Cancellation)))!;

        snapshot.IsIncomplete.ShouldBeTrue();
        snapshot.Context.ShouldNotBeNull();
        snapshot.Analysis.ShouldBeNull();
        snapshot.Remediations.ShouldBeEmpty();
        snapshot.Alerts.ShouldHaveSingleItem().Alert.Name().ShouldBe("KubePodCrashLooping");
    }

    // Thousands of alerts in one incident: of those that are not shown no row is read.
    [Fact]
    public async Task ReadSnapshot_Plan_AnswersFromTheIndexAlone()
    {
        string[] queries = await store.ReadAsync(context => Task.FromResult(new[]
        {
            context.Alerts.Where(a => a.IncidentId == Guid.Empty).GroupBy(a => new { a.Name, a.Status })
                .Select(same => new { same.Key.Name, same.Key.Status, Count = same.Count(), Since = same.Min(a => a.StartsAt) }).ToQueryString(),
            context.Incidents.Select(i => context.Alerts.Any(a => a.IncidentId == i.Id && a.Status == AlertStatus.Firing && a.Severity == Severity.Critical)).ToQueryString(),
            context.Alerts.Where(a => a.IncidentId == Guid.Empty && a.Status == AlertStatus.Firing)
                .OrderByDescending(a => a.StartsAt).ThenByDescending(a => a.Fingerprint).Take(200).ToQueryString(),
        }));

        var plans = new List<string>();
        foreach (var query in queries)
        {
            plans.Add(string.Join('\n', await PlanAsync(query)));
        }

        plans[0].ShouldContain("USING COVERING INDEX IX_incident_alerts_shown (IncidentId=?)");
        plans[1].ShouldContain("USING COVERING INDEX IX_incident_alerts_shown (IncidentId=? AND Status=?)");
        plans[2].ShouldContain("USING INDEX IX_incident_alerts_shown (IncidentId=? AND Status=?)");
        plans[2].ShouldNotContain("TEMP B-TREE");
    }

    private async Task<List<string>> PlanAsync(string query)
    {
        await using var connection = new SqliteConnection(store.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {string.Join('\n', query.Split('\n').Where(line => !line.StartsWith(".param", StringComparison.Ordinal)))}";
        foreach (System.Text.RegularExpressions.Match name in System.Text.RegularExpressions.Regex.Matches(command.CommandText, "@[A-Za-z0-9_]+"))
        {
            if (!command.Parameters.Contains(name.Value))
            {
                command.Parameters.AddWithValue(name.Value, 1L);
            }
        }

        List<string> steps = [];
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }

    [Fact]
    public async Task ReadNewest_ManyIncidents_AreTheNewestFirstWithTheirDiagnosis()
    {
        foreach (var number in Enumerable.Range(0, 6))
        {
            var incident = OpenedAt(Samples.Start.AddMinutes(number), new Subject("Deployment", "shop", $"d{number}"), number % 2 == 0 ? Samples.Start.AddHours(1) : null);
            incident.AnalysisJson = number == 5 ? StoredJson.Write(Samples.Analysis(incident.Id)) : null;
            await AddAsync(incident);
        }

        var open = await store.ReadAsync(context => context.ReadNewestOpenAsync(2, Cancellation));
        var all = await store.ReadAsync(context => context.ReadNewestAsync(3, Cancellation));

        open.Select(incident => (incident.Subject.Name, incident.Severity, incident.Cause)).ShouldBe([("d5", Severity.Critical, "scraper was OOMKilled"), ("d3", null, null)]);
        all.Select(incident => (incident.Subject.Name, incident.ResolvedAt)).ShouldBe([("d5", null), ("d4", Samples.Start.AddHours(1)), ("d3", null)]);
    }

    private static Incident OpenedAt(DateTimeOffset openedAt, Subject subject, DateTimeOffset? resolvedAt) => new()
    {
        Id = Guid.CreateVersion7(openedAt),
        SubjectKey = SubjectKey.For(subject),
        SubjectKind = subject.Kind,
        SubjectNamespace = subject.Namespace,
        SubjectName = subject.Name,
        OpenedAt = openedAt,
        ResolvedAt = resolvedAt,
        Revision = 1,
        Version = 1,
    };

    private static Task<int> CountUpAsync(IncidentsContext context, CancellationToken cancellationToken) =>
        context.Incidents.ExecuteUpdateAsync(set => set.SetProperty(incident => incident.Drives, incident => incident.Drives + 1), cancellationToken);

    private Task AddAsync(Incident incident) => store.ChangeAsync(context =>
    {
        context.Incidents.Add(incident);
        return Task.CompletedTask;
    });

    private static RemediationEntry Remediation(Guid incidentId, int minutes)
    {
        var completed = new RemediationCompleted(
            incidentId, Guid.NewGuid(), RemediationOutcome.Refused, "Refused", null, "U1", Samples.Start.AddMinutes(minutes));
        return new RemediationEntry { Id = Guid.NewGuid(), IncidentId = incidentId, CompletedAt = completed.CompletedAt, Json = StoredJson.Write(completed) };
    }
}
