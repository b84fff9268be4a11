using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>What a store holds after years: resolved incidents, each with an alert, over the last hundred days.</summary>
public static class PastIncidents
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Fills the store at once, by statements that it runs alone, and has it look at what it holds then.</summary>
    /// <param name="store">The store, with its tables.</param>
    /// <param name="count">How many incidents.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task FillAsync(this StoreView store, int count, CancellationToken cancellationToken) => store.AskAsync(async context =>
    {
        context.Database.SetCommandTimeout(Patience);
        string[] statements = context.Database.IsNpgsql() ? Postgres : Sqlite;
        foreach (var statement in statements)
        {
            await context.Database.ExecuteSqlRawAsync(statement, statement.Contains("{0}", StringComparison.Ordinal) ? [count] : [], cancellationToken);
        }

        return count;
    });

    private const string IncidentColumns =
        """
        "Id", "SubjectKey", "SubjectKind", "SubjectNamespace", "SubjectName", "OpenedAt", "ResolvedAt", "Reopened", "Revision", "Version",
        "EnrichedRevision", "AnalyzedRevision", "DrawnVersion", "MessageChannel", "MessageTs", "DriveAt", "Drives"
        """;

    private const string AlertColumns =
        """
        "Fingerprint", "StartsAt", "IncidentId", "Name", "Status", "Severity", "EndsAt", "ReceivedAt", "Repeats", "Revision", "ReceivedJson"
        """;

    private static readonly string[] Sqlite =
    [
        $$"""
        WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {0}),
        times(n, t) AS (SELECT n, (unixepoch() - (n * 100.0 * 86400 / {0})) * 1000000 FROM numbers)
        INSERT INTO incidents ({{IncidentColumns}})
        SELECT printf('00000000-0000-7000-8000-%012X', n), 'Deployment/past/workload-' || n, 'Deployment', 'past', 'workload-' || n,
            CAST(t - 600000000 AS INTEGER), CAST(t AS INTEGER), 0, 1, 2, 1, 1, 2, 'C0PAST', '1', CAST(t AS INTEGER), 0 FROM times
        """,
        $$"""
        INSERT INTO incident_alerts ({{AlertColumns}})
        SELECT printf('%016x', rowid), "OpenedAt", "Id", 'KubePodCrashLooping', 'Resolved', 'Warning', "ResolvedAt", "ResolvedAt", 0, 1,
            '"' || replace(hex(zeroblob(200)), '00', 'json') || '"' FROM incidents LIMIT {0}
        """,
        "ANALYZE",
    ];

    private static readonly string[] Postgres =
    [
        $$"""
        INSERT INTO incidents ({{IncidentColumns}})
        SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Deployment/past/workload-' || n, 'Deployment', 'past', 'workload-' || n,
            t - interval '10 minutes', t, 0, 1, 2, 1, 1, 2, 'C0PAST', '1', t, 0
        FROM (SELECT n, now() - n * (interval '100 days' / {0}) AS t FROM generate_series(0, {0} - 1) AS n) AS times
        """,
        $$"""
        INSERT INTO incident_alerts ({{AlertColumns}})
        SELECT lpad(to_hex(row_number() OVER ()), 16, '0'), "OpenedAt", "Id", 'KubePodCrashLooping', 'Resolved', 'Warning', "ResolvedAt", "ResolvedAt", 0, 1,
            '"' || repeat('json', 200) || '"' FROM incidents LIMIT {0}
        """,
        "ANALYZE",
    ];
}
