using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace AlertResponder.Incidents.Postgres;

/// <summary>The first schema.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261123000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "incidents",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                SubjectKey = table.Column<string>(type: "character varying(200)", nullable: false, maxLength: 200),
                SubjectKind = table.Column<string>(type: "text", nullable: false),
                SubjectNamespace = table.Column<string>(type: "text", nullable: true),
                SubjectName = table.Column<string>(type: "text", nullable: false),
                OpenedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                ResolvedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                Reopened = table.Column<int>(type: "integer", nullable: false),
                Revision = table.Column<int>(type: "integer", nullable: false),
                Version = table.Column<int>(type: "integer", nullable: false),
                ExternalUrl = table.Column<string>(type: "text", nullable: true),
                EnrichedRevision = table.Column<int>(type: "integer", nullable: false),
                ContextJson = table.Column<string>(type: "text", nullable: true),
                AnalyzedRevision = table.Column<int>(type: "integer", nullable: false),
                AnalysisJson = table.Column<string>(type: "text", nullable: true),
                EvidenceRetryAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                ModelRetryAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                DrawnVersion = table.Column<int>(type: "integer", nullable: false),
                MessageChannel = table.Column<string>(type: "text", nullable: true),
                MessageTs = table.Column<string>(type: "text", nullable: true),
                DrawClaimedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                DriveAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                Drives = table.Column<int>(type: "integer", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_incidents", row => row.Id));
        migrationBuilder.CreateTable(
            name: "inbox",
            columns: table => new
            {
                Sequence = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                MessageId = table.Column<Guid>(type: "uuid", nullable: false),
                Json = table.Column<string>(type: "text", nullable: false),
                ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                DriveAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                Drives = table.Column<int>(type: "integer", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_inbox", row => row.Sequence));
        migrationBuilder.CreateTable(
            name: "incident_alerts",
            columns: table => new
            {
                Fingerprint = table.Column<string>(type: "character varying(64)", nullable: false, maxLength: 64),
                StartsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                IncidentId = table.Column<Guid>(type: "uuid", nullable: true),
                Name = table.Column<string>(type: "text", nullable: false),
                Status = table.Column<string>(type: "character varying(16)", nullable: false, maxLength: 16),
                EndsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                Repeats = table.Column<int>(type: "integer", nullable: false),
                Revision = table.Column<int>(type: "integer", nullable: false),
                ReceivedJson = table.Column<string>(type: "text", nullable: false),
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
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                CompletedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                Json = table.Column<string>(type: "text", nullable: false),
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
