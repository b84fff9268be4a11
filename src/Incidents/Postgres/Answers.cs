using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>The latest answers are found, whoever of them was not told.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261126000012_Answers")]
internal sealed class Answers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateIndex("IX_remediations_completed", "remediations", "CompletedAt");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropIndex("IX_remediations_completed", "remediations");
}
