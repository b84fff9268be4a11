using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>What the model costs by day and by incident, who asks it, and its answers that can be used again.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261125000011_ModelSpend")]
internal sealed class ModelSpendTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "model_days",
            columns: table => new
            {
                Day = table.Column<int>(type: "INTEGER", nullable: false),
                SpentNanoUsd = table.Column<long>(type: "INTEGER", nullable: false),
                InputTokens = table.Column<long>(type: "INTEGER", nullable: false),
                OutputTokens = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_model_days", row => row.Day));
        migrationBuilder.CreateTable(
            name: "model_spends",
            columns: table => new
            {
                IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                Revision = table.Column<int>(type: "INTEGER", nullable: false),
                ClaimedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                SpentNanoUsd = table.Column<long>(type: "INTEGER", nullable: false),
                InputTokens = table.Column<long>(type: "INTEGER", nullable: false),
                OutputTokens = table.Column<long>(type: "INTEGER", nullable: false),
                AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_model_spends", row => new { row.IncidentId, row.Revision });
                table.ForeignKey("FK_model_spends_incidents_IncidentId", row => row.IncidentId, "incidents", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateTable(
            name: "known_answers",
            columns: table => new
            {
                SubjectKey = table.Column<string>(type: "TEXT", nullable: false, maxLength: 200),
                Signature = table.Column<string>(type: "TEXT", nullable: false, maxLength: 64),
                ModelId = table.Column<string>(type: "TEXT", nullable: false),
                Json = table.Column<string>(type: "TEXT", nullable: false),
                ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_known_answers", row => new { row.SubjectKey, row.Signature }));
        migrationBuilder.CreateIndex("IX_known_answers_expires", "known_answers", "ExpiresAt");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("known_answers");
        migrationBuilder.DropTable("model_spends");
        migrationBuilder.DropTable("model_days");
    }
}
