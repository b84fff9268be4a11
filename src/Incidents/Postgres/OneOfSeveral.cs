using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>What one of several processes does, once: comparisons, notes about channels, answers to clicks. And whose an alert is, apart from its message.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261129130000_OneOfSeveral")]
internal sealed class OneOfSeveral : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "channel_outages",
            columns: table => new
            {
                Channel = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                Error = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                ToldAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                TryAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                ClaimedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_channel_outages", row => row.Channel));
        migrationBuilder.CreateTable(
            name: "duties",
            columns: table => new
            {
                Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_duties", row => row.Name));
        migrationBuilder.AddColumn<DateTimeOffset>("TellAt", "remediations", type: "timestamp with time zone", nullable: true);
        migrationBuilder.CreateIndex("IX_remediations_tell", "remediations", "TellAt", filter: "\"TellAt\" IS NOT NULL");
        migrationBuilder.AddColumn<string>("ExternalUrl", "incident_alerts", type: "text", nullable: true);
        migrationBuilder.AddColumn<string>("Receiver", "incident_alerts", type: "text", nullable: true);
        migrationBuilder.AddColumn<string>("Cluster", "incident_alerts", type: "text", nullable: true);

        // Those alone that the comparison reads: nobody reads the others, of which there may be very many, and the table is locked meanwhile.
        migrationBuilder.Sql(
            """
            UPDATE incident_alerts SET
                "ExternalUrl" = "ReceivedJson"::json #>> '{externalUrl}',
                "Receiver" = "ReceivedJson"::json #>> '{receiver}',
                "Cluster" = "ReceivedJson"::json #>> '{alert,labels,cluster}'
            WHERE "Status" = 'Firing' OR "ReceivedAt" >= now() - interval '1 day'
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("Cluster", "incident_alerts");
        migrationBuilder.DropColumn("Receiver", "incident_alerts");
        migrationBuilder.DropColumn("ExternalUrl", "incident_alerts");
        migrationBuilder.DropIndex("IX_remediations_tell", "remediations");
        migrationBuilder.DropColumn("TellAt", "remediations");
        migrationBuilder.DropTable("duties");
        migrationBuilder.DropTable("channel_outages");
    }
}
