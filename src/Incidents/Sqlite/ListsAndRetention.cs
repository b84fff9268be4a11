using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>Indexes for lists of incidents, for retention, and for the look at claims after a start.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261125000000_ListsAndRetention")]
internal sealed class ListsAndRetention : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateIndex("IX_incidents_opened", "incidents", "OpenedAt");
        migrationBuilder.CreateIndex("IX_incidents_resolved_opened", "incidents", ["ResolvedAt", "OpenedAt"]);
        migrationBuilder.CreateIndex("IX_incidents_draw_claimed", "incidents", "DrawClaimedUntil", filter: "\"DrawClaimedUntil\" IS NOT NULL");
        migrationBuilder.CreateIndex("IX_incident_alerts_single", "incident_alerts", "ReceivedAt", filter: "\"IncidentId\" IS NULL");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_incident_alerts_single", "incident_alerts");
        migrationBuilder.DropIndex("IX_incidents_draw_claimed", "incidents");
        migrationBuilder.DropIndex("IX_incidents_resolved_opened", "incidents");
        migrationBuilder.DropIndex("IX_incidents_opened", "incidents");
    }
}
