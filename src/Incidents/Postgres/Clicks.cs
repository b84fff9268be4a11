using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>Accepted clicks, and which answers were told.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261125000020_Clicks")]
internal sealed class Clicks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "clicks",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Json = table.Column<string>(type: "text", nullable: false),
                ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                Handled = table.Column<bool>(type: "boolean", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_clicks", row => row.Id));
        migrationBuilder.CreateIndex("IX_clicks_received", "clicks", "ReceivedAt");
        migrationBuilder.AddColumn<DateTimeOffset>("ToldAt", "remediations", type: "timestamp with time zone", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("ToldAt", "remediations");
        migrationBuilder.DropTable("clicks");
    }
}
