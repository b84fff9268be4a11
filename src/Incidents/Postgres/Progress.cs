using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>What is not finished, and whose proposals are owed, each by one index; and when proposals that could not be made are tried again.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129131000_Progress")]
internal sealed class Progress : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("ProposeAt", "incidents", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<int>("ProposeTries", "incidents", type: "integer", nullable: true);
        migrationBuilder.CreateIndex(
            "IX_incidents_unfinished", "incidents", "DriveAt", filter: "\"DrawnVersion\" < \"Version\" OR (\"AnalyzedRevision\" < \"Revision\" AND \"ContinuedIn\" IS NULL)");
        migrationBuilder.CreateIndex(
            "IX_incidents_unproposed",
            "incidents",
            "ProposeAt",
            filter: "\"ResolvedAt\" IS NULL AND \"AnalyzedRevision\" > 0 AND (\"ProposedRevision\" IS NULL OR \"ProposedRevision\" < \"AnalyzedRevision\")");
        migrationBuilder.DropIndex("IX_incidents_undrawn", "incidents");
        migrationBuilder.DropIndex("IX_incidents_unanalysed", "incidents");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateIndex("IX_incidents_undrawn", "incidents", "DriveAt", filter: "\"DrawnVersion\" < \"Version\"");
        migrationBuilder.CreateIndex("IX_incidents_unanalysed", "incidents", "DriveAt", filter: "\"AnalyzedRevision\" < \"Revision\"");
        migrationBuilder.DropIndex("IX_incidents_unproposed", "incidents");
        migrationBuilder.DropIndex("IX_incidents_unfinished", "incidents");
        migrationBuilder.DropColumn("ProposeTries", "incidents");
        migrationBuilder.DropColumn("ProposeAt", "incidents");
    }
}
