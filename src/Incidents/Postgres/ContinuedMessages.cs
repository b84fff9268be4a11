using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>Messages that are continued elsewhere.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129000014_ContinuedMessages")]
internal sealed class ContinuedMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("MessageNumber", "incidents", type: "integer", nullable: true);
        migrationBuilder.AddColumn<string>("ContinuedFrom", "incidents", type: "text", nullable: true);
        migrationBuilder.AddColumn<string>("ContinuedBecause", "incidents", type: "text", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("ContinuedBecause", "incidents");
        migrationBuilder.DropColumn("ContinuedFrom", "incidents");
        migrationBuilder.DropColumn("MessageNumber", "incidents");
    }
}
