using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>Messages that are continued elsewhere, and diagnoses that are looked at again.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129000014_ContinuedMessages")]
internal sealed class ContinuedMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("MessageNumber", "incidents", type: "integer", nullable: true);
        migrationBuilder.AddColumn<string>("ContinuedFrom", "incidents", type: "text", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("ReviewAt", "incidents", type: "timestamp with time zone", nullable: true);
        migrationBuilder.CreateIndex("IX_incidents_review", "incidents", "ReviewAt", filter: "\"ReviewAt\" IS NOT NULL");
        migrationBuilder.AddColumn<string>("ContinuedBecause", "incidents", type: "text", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_incidents_review", "incidents");
        migrationBuilder.DropColumn("ReviewAt", "incidents");
        migrationBuilder.DropColumn("ContinuedBecause", "incidents");
        migrationBuilder.DropColumn("ContinuedFrom", "incidents");
        migrationBuilder.DropColumn("MessageNumber", "incidents");
    }
}
