using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.Unit.Incidents.Audit;

/// <summary>The chain: what is appended can be verified, and no tampering passes.</summary>
public sealed class AuditTrailTests
{
    private const int Rows = 5;

    private static readonly DateTimeOffset At = new(2026, 11, 22, 2, 13, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What somebody with access to the file might do, and how it is told.</summary>
    public static TheoryData<string, string> Tampering => new()
    {
        { "UPDATE audit_entries SET \"Actor\" = 'U_SOMEBODY_ELSE' WHERE \"Sequence\" = 3", "Row 3 was changed" },
        { "UPDATE audit_entries SET \"Reason\" = '' WHERE \"Sequence\" = 3", "Row 3 was changed" },
        { "UPDATE audit_entries SET \"Before\" = NULL WHERE \"Sequence\" = 2", "Row 2 was changed" },
        { "UPDATE audit_entries SET \"At\" = \"At\" + 1 WHERE \"Sequence\" = 1", "Row 1 was changed" },
        { "UPDATE audit_entries SET \"Step\" = 'Verified' WHERE \"Sequence\" = 5", "Row 5 was changed" },
        { "UPDATE audit_entries SET \"Hash\" = upper(\"Hash\") WHERE \"Sequence\" = 5", "Row 5 was changed" },
        { "UPDATE audit_entries SET \"PreviousHash\" = \"Hash\" WHERE \"Sequence\" = 4", "Row 4 is not chained to row 3" },
        { "UPDATE audit_entries SET \"After\" = 'moved ' || \"After\", \"Before\" = '' WHERE \"Sequence\" = 2", "Row 2 was changed" },
        { "DELETE FROM audit_entries WHERE \"Sequence\" = 1", "Row 1 is missing" },
        { "DELETE FROM audit_entries WHERE \"Sequence\" = 3", "Row 3 is missing" },
        { "DELETE FROM audit_entries WHERE \"Sequence\" = 5", "The chain ends with row 4, but should with row 5" },
        { "DELETE FROM audit_entries", "The chain ends with row 0, but should with row 5" },
        { "DELETE FROM audit_entries WHERE \"Sequence\" = 3; UPDATE audit_entries SET \"Sequence\" = \"Sequence\" - 1 WHERE \"Sequence\" > 3", "Row 3 is not chained to row 2" },
        { "UPDATE audit_entries SET \"Sequence\" = 99 WHERE \"Sequence\" = 2; UPDATE audit_entries SET \"Sequence\" = 2 WHERE \"Sequence\" = 3; UPDATE audit_entries SET \"Sequence\" = 3 WHERE \"Sequence\" = 99", "Row 2 is not chained to row 1" },
        { "INSERT INTO audit_entries SELECT 6, 'E0000000-0000-0000-0000-000000000000', \"At\", \"Step\", \"IncidentId\", \"ProposalId\", \"Actor\", \"Channel\", \"Action\", \"Target\", \"Reason\", \"Before\", \"After\", \"Hash\", \"Hash\" FROM audit_entries WHERE \"Sequence\" = 5", "Row 6 was changed" },
        { "INSERT INTO audit_entries SELECT -1, 'E0000000-0000-0000-0000-000000000000', \"At\", \"Step\", \"IncidentId\", \"ProposalId\", \"Actor\", \"Channel\", \"Action\", \"Target\", \"Reason\", \"Before\", \"After\", \"Hash\", \"Hash\" FROM audit_entries WHERE \"Sequence\" = 5", "Row 1 is missing: the one after row 0 is -1" },
        { "UPDATE audit_head SET \"Sequence\" = 4", "The chain ends with row 5, but should with row 4" },
        { "UPDATE audit_head SET \"Hash\" = 'x'", "The chain ends with row 5, but should with row 5" },
        { "DELETE FROM audit_head", "The row that says where the chain ends is missing" },
    };

    [Fact]
    public async Task Verify_RowsOfAllKinds_AreWhole()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await AppendAsync(store, Record(1) with { Channel = null, Reason = null, Before = null, After = null });
        await AppendAsync(store, Record(2) with { At = At.AddTicks(7), Reason = "", Before = "256Mi\n\t→ \0 \uD83D\uDE00 \uD83D", After = new string('x', 100_000) });

        (await VerifyAsync(store)).Problem.ShouldBeNull();
        var rows = await ReadAsync(store);
        rows.Select(row => row.Sequence).ShouldBe([1, 2]);
        rows[1].After!.Length.ShouldBe(AuditTrail.MaxTextLength);
        rows[1].After!.ShouldEndWith("(cut)");
    }

    [Fact]
    public async Task Verify_NothingYet_IsWhole()
    {
        await using var store = await TemporaryStore.CreateAsync();

        (await VerifyAsync(store)).ShouldBe(new AuditVerdict(0, new string('0', 64), Problem: null));
    }

    [Fact]
    public async Task Append_ToldTwice_IsOneRow()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await AppendAsync(store, Record(1));
        await AppendAsync(store, Record(1) with { At = At.AddHours(1) });

        (await ReadAsync(store)).ShouldHaveSingleItem().At.ShouldBe(At.AddSeconds(1));
    }

    [Fact]
    public async Task Append_TransactionRolledBack_LeavesNoGap()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await AppendAsync(store, Record(1));
        await using (var scope = store.Open())
        {
            await using var transaction = await scope.Context.BeginExclusiveAsync("incident/1", Cancellation);
            await scope.Context.AppendAsync(Record(2), Cancellation);
        }

        await AppendAsync(store, Record(3));

        (await VerifyAsync(store)).ShouldSatisfyAllConditions(verdict => verdict.IsWhole.ShouldBeTrue(), verdict => verdict.Sequence.ShouldBe(2));
    }

    [Fact]
    public async Task Append_WithoutTransaction_IsRefused()
    {
        await using var store = await TemporaryStore.CreateAsync();
        await using var scope = store.Open();

        await Should.ThrowAsync<InvalidOperationException>(scope.Context.AppendAsync(Record(1), Cancellation));
    }

    [Fact]
    public async Task Append_ManyAtOnce_IsOneChain()
    {
        await using var store = await TemporaryStore.CreateAsync();

        await Task.WhenAll(Enumerable.Range(1, 40).Select(number => Task.Run(() => AppendAsync(store, Record(number)), Cancellation)));

        (await VerifyAsync(store)).ShouldSatisfyAllConditions(verdict => verdict.IsWhole.ShouldBeTrue(), verdict => verdict.Sequence.ShouldBe(40));
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Verify_Tampered_IsFound(string sql, string told)
    {
        await using var store = await FilledAsync();
        await ExecuteAsync(store, $"DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete; {sql}");

        (await VerifyAsync(store)).Problem.ShouldNotBeNull().ShouldStartWith(told);
    }

    [Fact]
    public async Task Verify_EveryColumnOfEveryRow_IsCovered()
    {
        await using var store = await FilledAsync();
        await ExecuteAsync(store, "DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete");
        var columns = await store.ReadAsync(context => context.Database.SqlQuery<string>($"SELECT name AS Value FROM pragma_table_info('audit_entries')").ToArrayAsync(Cancellation));
        columns.Length.ShouldBe(15);
        foreach (var column in columns)
        {
            for (var row = 1; row <= Rows; row++)
            {
                var other = column switch
                {
                    "Sequence" => "99",
                    "At" => "\"At\" + 1000000",
                    "Id" or "IncidentId" or "ProposalId" => "'E0000000-0000-0000-0000-000000000000'",
                    "Step" => "'Undone'",
                    _ => $"coalesce(\"{column}\", '') || 'x'",
                };
                await ExecuteAsync(store, $"CREATE TABLE kept AS SELECT * FROM audit_entries; UPDATE audit_entries SET \"{column}\" = {other} WHERE \"Sequence\" = {row}");

                (await VerifyAsync(store)).IsWhole.ShouldBeFalse($"{column} of row {row}");

                await ExecuteAsync(store, "DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept; DROP TABLE kept");
            }
        }

        (await VerifyAsync(store)).IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task Verify_RewrittenAsAWhole_IsFoundByANotedRow()
    {
        await using var genuine = await FilledAsync();
        var noted = await VerifyAsync(genuine);
        await using var rewritten = await TemporaryStore.CreateAsync();
        for (var number = 1; number <= Rows + 1; number++)
        {
            await AppendAsync(rewritten, Record(number) with { Actor = "U_SOMEBODY_ELSE" });
        }

        (await VerifyAsync(rewritten)).IsWhole.ShouldBeTrue();
        (await VerifyAsync(rewritten, (noted.Sequence, noted.Hash))).Problem.ShouldBe("Row 5 has another hash than was noted: the chain was rewritten.");
        (await VerifyAsync(genuine, (noted.Sequence, noted.Hash))).IsWhole.ShouldBeTrue();
        (await VerifyAsync(genuine, (noted.Sequence + 1, noted.Hash))).Problem.ShouldBe("The noted row 6 is missing.");
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET \"Actor\" = 'x'")]
    [InlineData("DELETE FROM audit_entries")]
    public async Task Change_ByMistake_IsRefusedByTheStore(string sql)
    {
        await using var store = await FilledAsync();

        (await Should.ThrowAsync<SqliteException>(ExecuteAsync(store, sql))).Message.ShouldContain("append-only");
        (await VerifyAsync(store)).IsWhole.ShouldBeTrue();
    }

    private static async Task<TemporaryStore> FilledAsync()
    {
        var store = await TemporaryStore.CreateAsync();
        for (var number = 1; number <= Rows; number++)
        {
            await AppendAsync(store, Record(number));
        }

        return store;
    }

    private static AuditRecord Record(int number) => new(
        MessageIds.For("audit", number), At.AddSeconds(number), AuditStep.Applied, MessageIds.For("incident", 1), MessageIds.For("proposal", number),
        "U0SRE", "slack", "increase-memory-limit", "CronJob/cardboard/price-scraper", "requested", "256Mi", "512Mi");

    private static async Task AppendAsync(TemporaryStore store, AuditRecord record)
    {
        await using var scope = store.Open();
        await using var transaction = await scope.Context.BeginExclusiveAsync("incident/1", Cancellation);
        await scope.Context.AppendAsync(record, Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private static Task<AuditVerdict> VerifyAsync(TemporaryStore store, (long, string)? known = null) =>
        store.ReadAsync(context => AuditTrail.VerifyAsync(context, known, Cancellation));

    private static Task<List<AuditEntry>> ReadAsync(TemporaryStore store) =>
        store.ReadAsync(async context => await AuditTrail.ReadAsync(context, 0, Cancellation).ToListAsync(Cancellation));

    private static async Task ExecuteAsync(TemporaryStore store, string sql)
    {
        await using var connection = new SqliteConnection(store.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
