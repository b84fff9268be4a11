using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>Proposals, and replies of requests.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261125000010_Remediation")]
internal sealed class Remediation : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "proposals",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "TEXT", nullable: false),
                IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                Revision = table.Column<int>(type: "INTEGER", nullable: false),
                Position = table.Column<int>(type: "INTEGER", nullable: false),
                SubjectKey = table.Column<string>(type: "TEXT", nullable: false, maxLength: 200),
                Kind = table.Column<string>(type: "TEXT", nullable: false, maxLength: 64),
                ActionJson = table.Column<string>(type: "TEXT", nullable: false),
                Title = table.Column<string>(type: "TEXT", nullable: false),
                Risk = table.Column<string>(type: "TEXT", nullable: false, maxLength: 16),
                Diff = table.Column<string>(type: "TEXT", nullable: true),
                ShortDiff = table.Column<string>(type: "TEXT", nullable: true),
                Caution = table.Column<string>(type: "TEXT", nullable: true),
                PreconditionJson = table.Column<string>(type: "TEXT", nullable: true),
                UndoJson = table.Column<string>(type: "TEXT", nullable: true),
                State = table.Column<string>(type: "TEXT", nullable: false, maxLength: 16),
                Progress = table.Column<string>(type: "TEXT", nullable: true),
                RequestedBy = table.Column<string>(type: "TEXT", nullable: true),
                ApprovedBy = table.Column<string>(type: "TEXT", nullable: true),
                UndoneBy = table.Column<string>(type: "TEXT", nullable: true),
                RequestId = table.Column<Guid>(type: "TEXT", nullable: true),
                CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                RequestedAt = table.Column<long>(type: "INTEGER", nullable: true),
                AppliedAt = table.Column<long>(type: "INTEGER", nullable: true),
                EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                DeadlineAt = table.Column<long>(type: "INTEGER", nullable: true),
                DueAt = table.Column<long>(type: "INTEGER", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_proposals", row => row.Id);
                table.ForeignKey("FK_proposals_incidents_IncidentId", row => row.IncidentId, "incidents", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_proposals_incident", "proposals", "IncidentId");
        migrationBuilder.CreateIndex("IX_proposals_subject", "proposals", ["SubjectKey", "Kind"]);
        migrationBuilder.CreateIndex("IX_proposals_due", "proposals", "DueAt", filter: "\"DueAt\" IS NOT NULL");
        migrationBuilder.AddColumn<bool>("ForRequesterOnly", "remediations", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<int>("ProposedRevision", "incidents", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<string>("Reply", "remediations", type: "TEXT", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("Reply", "remediations");
        migrationBuilder.DropColumn("ProposedRevision", "incidents");
        migrationBuilder.DropColumn("ForRequesterOnly", "remediations");
        migrationBuilder.DropTable("proposals");
    }
}
