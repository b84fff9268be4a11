using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>Messages that are continued elsewhere, and diagnoses that are looked at again.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261129000014_ContinuedMessages")]
internal sealed class ContinuedMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("MessageNumber", "incidents", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<string>("ContinuedFrom", "incidents", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<long>("ReviewAt", "incidents", type: "INTEGER", nullable: true);
        migrationBuilder.CreateIndex("IX_incidents_review", "incidents", "ReviewAt", filter: "\"ReviewAt\" IS NOT NULL");
        migrationBuilder.AddColumn<string>("ContinuedBecause", "incidents", type: "TEXT", nullable: true);
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
