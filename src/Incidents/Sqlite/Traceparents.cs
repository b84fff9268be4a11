using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>Which span each row that another one carries on from was written in.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261129092012_Traceparents")]
internal sealed class Traceparents : Migration
{
    private static readonly string[] Tables = ["inbox", "clicks", "incidents", "proposals", "remediations"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in Tables)
        {
            migrationBuilder.AddColumn<string>("Traceparent", table, type: "TEXT", nullable: true);
        }
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in Tables)
        {
            migrationBuilder.DropColumn("Traceparent", table);
        }
    }
}
