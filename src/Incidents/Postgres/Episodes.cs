using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>Firings that come after their own resolution, comparisons with Alertmanager, subjects that were guessed, and the watchdog's look at analyses.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129000020_Episodes")]
internal sealed class Episodes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("LateSince", "incident_alerts", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("LateLookAt", "incident_alerts", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("ListedAt", "incident_alerts", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("MissingSince", "incident_alerts", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<bool>("SubjectIsGuess", "incidents", type: "boolean", nullable: true);
        migrationBuilder.AddColumn<Guid>("ContinuedIn", "incidents", type: "uuid", nullable: true);
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
