using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>Subjects of several clusters, and alerts that become worse.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261125000001_ClusterAndSeverity")]
internal sealed class ClusterAndSeverity : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("SubjectCluster", "incidents", type: "text", nullable: true);
        migrationBuilder.AddColumn<string>("Severity", "incident_alerts", type: "character varying(16)", maxLength: 16, nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("Severity", "incident_alerts");
        migrationBuilder.DropColumn("SubjectCluster", "incidents");
    }
}
