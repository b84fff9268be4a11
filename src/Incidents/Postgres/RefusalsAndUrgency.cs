using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>What was refused and who was told, and which accepted alerts go first.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129000014_RefusalsAndUrgency")]
internal sealed class RefusalsAndUrgency : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "refusals",
            columns: table => new
            {
                Sender = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                Reason = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                Detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                Count = table.Column<long>(type: "bigint", nullable: false),
                Untold = table.Column<long>(type: "bigint", nullable: false),
                FirstAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                LastAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                ToldAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                TellClaimedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_refusals", row => new { row.Sender, row.Reason }));
        migrationBuilder.CreateIndex("IX_refusals_last", "refusals", "LastAt");
        migrationBuilder.AddColumn<int>("Urgency", "inbox", type: "integer", nullable: true);
        migrationBuilder.CreateIndex("IX_inbox_urgent", "inbox", "Sequence", filter: "\"Urgency\" = 1");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_inbox_urgent", "inbox");
        migrationBuilder.DropColumn("Urgency", "inbox");
        migrationBuilder.DropTable("refusals");
    }
}
