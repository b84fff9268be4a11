using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>An index that answers by itself what a message shows and counts of an incident's alerts.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129131001_ShownAlerts")]
internal sealed class ShownAlerts : Migration
{
    private static readonly string[] Columns = ["IncidentId", "Status", "StartsAt", "Fingerprint", "Name", "Severity"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("UPDATE incident_alerts SET \"Name\" = left(\"Name\", 200) WHERE length(\"Name\") > 200;");
        migrationBuilder.CreateIndex("IX_incident_alerts_shown", "incident_alerts", Columns);
        migrationBuilder.DropIndex("IX_incident_alerts_incident", "incident_alerts");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateIndex("IX_incident_alerts_incident", "incident_alerts", "IncidentId");
        migrationBuilder.DropIndex("IX_incident_alerts_shown", "incident_alerts");
    }
}
