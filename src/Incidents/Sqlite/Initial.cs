using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>The first schema.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261123000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "incidents",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "TEXT", nullable: false),
                SubjectKey = table.Column<string>(type: "TEXT", nullable: false, maxLength: 200),
                SubjectKind = table.Column<string>(type: "TEXT", nullable: false),
                SubjectNamespace = table.Column<string>(type: "TEXT", nullable: true),
                SubjectName = table.Column<string>(type: "TEXT", nullable: false),
                OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                Reopened = table.Column<int>(type: "INTEGER", nullable: false),
                Revision = table.Column<int>(type: "INTEGER", nullable: false),
                Version = table.Column<int>(type: "INTEGER", nullable: false),
                ExternalUrl = table.Column<string>(type: "TEXT", nullable: true),
                EnrichedRevision = table.Column<int>(type: "INTEGER", nullable: false),
                ContextJson = table.Column<string>(type: "TEXT", nullable: true),
                AnalyzedRevision = table.Column<int>(type: "INTEGER", nullable: false),
                AnalysisJson = table.Column<string>(type: "TEXT", nullable: true),
                EvidenceRetryAt = table.Column<long>(type: "INTEGER", nullable: true),
                ModelRetryAt = table.Column<long>(type: "INTEGER", nullable: true),
                DrawnVersion = table.Column<int>(type: "INTEGER", nullable: false),
                MessageChannel = table.Column<string>(type: "TEXT", nullable: true),
                MessageTs = table.Column<string>(type: "TEXT", nullable: true),
                DrawClaimedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                DriveAt = table.Column<long>(type: "INTEGER", nullable: false),
                Drives = table.Column<int>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_incidents", row => row.Id));
        migrationBuilder.CreateTable(
            name: "inbox",
            columns: table => new
            {
                Sequence = table.Column<long>(type: "INTEGER", nullable: false)
                    .Annotation("Sqlite:Autoincrement", true),
                MessageId = table.Column<Guid>(type: "TEXT", nullable: false),
                Json = table.Column<string>(type: "TEXT", nullable: false),
                ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                DriveAt = table.Column<long>(type: "INTEGER", nullable: false),
                Drives = table.Column<int>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_inbox", row => row.Sequence));
        migrationBuilder.CreateTable(
            name: "incident_alerts",
            columns: table => new
            {
                Fingerprint = table.Column<string>(type: "TEXT", nullable: false, maxLength: 64),
                StartsAt = table.Column<long>(type: "INTEGER", nullable: false),
                IncidentId = table.Column<Guid>(type: "TEXT", nullable: true),
                Name = table.Column<string>(type: "TEXT", nullable: false),
                Status = table.Column<string>(type: "TEXT", nullable: false, maxLength: 16),
                EndsAt = table.Column<long>(type: "INTEGER", nullable: true),
                ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                Repeats = table.Column<int>(type: "INTEGER", nullable: false),
                Revision = table.Column<int>(type: "INTEGER", nullable: false),
                ReceivedJson = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_incident_alerts", row => new { row.Fingerprint, row.StartsAt });
                table.ForeignKey("FK_incident_alerts_incidents_IncidentId", row => row.IncidentId, "incidents", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateTable(
            name: "remediations",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "TEXT", nullable: false),
                IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                CompletedAt = table.Column<long>(type: "INTEGER", nullable: false),
                Json = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_remediations", row => row.Id);
                table.ForeignKey("FK_remediations_incidents_IncidentId", row => row.IncidentId, "incidents", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_incidents_open_subject", "incidents", "SubjectKey", unique: true, filter: "\"ResolvedAt\" IS NULL");
        migrationBuilder.CreateIndex("IX_incidents_subject_resolved", "incidents", ["SubjectKey", "ResolvedAt"]);
        migrationBuilder.CreateIndex("IX_incidents_undrawn", "incidents", "DriveAt", filter: "\"DrawnVersion\" < \"Version\"");
        migrationBuilder.CreateIndex("IX_incidents_evidence_retry", "incidents", "EvidenceRetryAt", filter: "\"EvidenceRetryAt\" IS NOT NULL");
        migrationBuilder.CreateIndex("IX_incidents_model_retry", "incidents", "ModelRetryAt", filter: "\"ModelRetryAt\" IS NOT NULL");
        migrationBuilder.CreateIndex("IX_incident_alerts_incident", "incident_alerts", "IncidentId");
        migrationBuilder.CreateIndex("IX_inbox_message", "inbox", "MessageId", unique: true);
        migrationBuilder.CreateIndex("IX_remediations_incident", "remediations", "IncidentId");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("remediations");
        migrationBuilder.DropTable("incident_alerts");
        migrationBuilder.DropTable("inbox");
        migrationBuilder.DropTable("incidents");
    }
}
