using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>The reply in a message's thread.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261125000010_Threads")]
internal sealed class Threads : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("ThreadTs", "incidents", type: "text", nullable: true);
        migrationBuilder.AddColumn<string>("ThreadHash", "incidents", type: "text", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("ThreadHash", "incidents");
        migrationBuilder.DropColumn("ThreadTs", "incidents");
    }
}
