using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>What was refused and who was told, and which accepted alerts go first.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261129000014_RefusalsAndUrgency")]
internal sealed class RefusalsAndUrgency : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "refusals",
            columns: table => new
            {
                Sender = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                Reason = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                Detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                Count = table.Column<long>(type: "INTEGER", nullable: false),
                Untold = table.Column<long>(type: "INTEGER", nullable: false),
                FirstAt = table.Column<long>(type: "INTEGER", nullable: false),
                LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                ToldAt = table.Column<long>(type: "INTEGER", nullable: true),
                TellClaimedUntil = table.Column<long>(type: "INTEGER", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_refusals", row => new { row.Sender, row.Reason }));
        migrationBuilder.CreateIndex("IX_refusals_last", "refusals", "LastAt");
        migrationBuilder.AddColumn<int>("Urgency", "inbox", type: "INTEGER", nullable: true);
        migrationBuilder.CreateIndex("IX_inbox_urgent", "inbox", "Sequence", filter: "\"Urgency\" = 1");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_inbox_urgent", "inbox");
        migrationBuilder.DropColumn("Urgency", "inbox");
        migrationBuilder.DropTable("refusals");
    }
}
