using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>Firings that come after their own resolution, comparisons with Alertmanager, subjects that were guessed, and the watchdog's look at analyses.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261129000020_Episodes")]
internal sealed class Episodes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>("LateSince", "incident_alerts", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<long>("LateLookAt", "incident_alerts", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<long>("ListedAt", "incident_alerts", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<long>("MissingSince", "incident_alerts", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<bool>("SubjectIsGuess", "incidents", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<Guid>("ContinuedIn", "incidents", type: "TEXT", nullable: true);
        migrationBuilder.CreateIndex("IX_incident_alerts_late", "incident_alerts", "LateLookAt", filter: "\"LateLookAt\" IS NOT NULL");
        migrationBuilder.CreateIndex("IX_incident_alerts_listed", "incident_alerts", "ListedAt", filter: "\"ListedAt\" IS NOT NULL");
        migrationBuilder.CreateIndex("IX_incidents_unanalysed", "incidents", "DriveAt", filter: "\"AnalyzedRevision\" < \"Revision\"");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_incidents_unanalysed", "incidents");
        migrationBuilder.DropIndex("IX_incident_alerts_listed", "incident_alerts");
        migrationBuilder.DropIndex("IX_incident_alerts_late", "incident_alerts");
        migrationBuilder.DropColumn("ContinuedIn", "incidents");
        migrationBuilder.DropColumn("SubjectIsGuess", "incidents");
        migrationBuilder.DropColumn("MissingSince", "incident_alerts");
        migrationBuilder.DropColumn("ListedAt", "incident_alerts");
        migrationBuilder.DropColumn("LateLookAt", "incident_alerts");
        migrationBuilder.DropColumn("LateSince", "incident_alerts");
    }
}
