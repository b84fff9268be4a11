using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>Proposals, and replies of requests.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261125000010_Remediation")]
internal sealed class Remediation : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "proposals",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                Revision = table.Column<int>(type: "integer", nullable: false),
                Position = table.Column<int>(type: "integer", nullable: false),
                SubjectKey = table.Column<string>(type: "character varying(200)", nullable: false, maxLength: 200),
                Kind = table.Column<string>(type: "character varying(64)", nullable: false, maxLength: 64),
                ActionJson = table.Column<string>(type: "text", nullable: false),
                Title = table.Column<string>(type: "text", nullable: false),
                Risk = table.Column<string>(type: "character varying(16)", nullable: false, maxLength: 16),
                Diff = table.Column<string>(type: "text", nullable: true),
                ShortDiff = table.Column<string>(type: "text", nullable: true),
                Caution = table.Column<string>(type: "text", nullable: true),
                PreconditionJson = table.Column<string>(type: "text", nullable: true),
                UndoJson = table.Column<string>(type: "text", nullable: true),
                State = table.Column<string>(type: "character varying(16)", nullable: false, maxLength: 16),
                Progress = table.Column<string>(type: "text", nullable: true),
                RequestedBy = table.Column<string>(type: "text", nullable: true),
                ApprovedBy = table.Column<string>(type: "text", nullable: true),
                UndoneBy = table.Column<string>(type: "text", nullable: true),
                RequestId = table.Column<Guid>(type: "uuid", nullable: true),
                CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                RequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                AppliedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                DeadlineAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_proposals", row => row.Id);
                table.ForeignKey("FK_proposals_incidents_IncidentId", row => row.IncidentId, "incidents", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_proposals_incident", "proposals", "IncidentId");
        migrationBuilder.CreateIndex("IX_proposals_subject", "proposals", ["SubjectKey", "Kind"]);
        migrationBuilder.CreateIndex("IX_proposals_due", "proposals", "DueAt", filter: "\"DueAt\" IS NOT NULL");
        migrationBuilder.AddColumn<bool>("ForRequesterOnly", "remediations", type: "boolean", nullable: true);
        migrationBuilder.AddColumn<int>("ProposedRevision", "incidents", type: "integer", nullable: true);
        migrationBuilder.AddColumn<string>("Reply", "remediations", type: "text", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("Reply", "remediations");
        migrationBuilder.DropColumn("ProposedRevision", "incidents");
        migrationBuilder.DropColumn("ForRequesterOnly", "remediations");
        migrationBuilder.DropTable("proposals");
    }
}
