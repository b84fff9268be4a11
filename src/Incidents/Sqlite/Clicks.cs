using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>Accepted clicks, and which answers were told.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261125000020_Clicks")]
internal sealed class Clicks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "clicks",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "TEXT", nullable: false),
                Json = table.Column<string>(type: "TEXT", nullable: false),
                ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                Handled = table.Column<bool>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_clicks", row => row.Id));
        migrationBuilder.CreateIndex("IX_clicks_received", "clicks", "ReceivedAt");
        migrationBuilder.AddColumn<long>("ToldAt", "remediations", type: "INTEGER", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("ToldAt", "remediations");
        migrationBuilder.DropTable("clicks");
    }
}
