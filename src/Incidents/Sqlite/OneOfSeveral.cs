using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>What one of several processes does, once: comparisons, notes about channels, answers to clicks. And whose an alert is, apart from its message.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261129130000_OneOfSeveral")]
internal sealed class OneOfSeveral : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "channel_outages",
            columns: table => new
            {
                Channel = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                Error = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                Since = table.Column<long>(type: "INTEGER", nullable: false),
                EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                ToldAt = table.Column<long>(type: "INTEGER", nullable: true),
                TryAt = table.Column<long>(type: "INTEGER", nullable: false),
                ClaimedUntil = table.Column<long>(type: "INTEGER", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_channel_outages", row => row.Channel));
        migrationBuilder.CreateTable(
            name: "duties",
            columns: table => new
            {
                Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                DueAt = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_duties", row => row.Name));
        migrationBuilder.AddColumn<long>("TellAt", "remediations", type: "INTEGER", nullable: true);
        migrationBuilder.CreateIndex("IX_remediations_tell", "remediations", "TellAt", filter: "\"TellAt\" IS NOT NULL");
        migrationBuilder.AddColumn<string>("ExternalUrl", "incident_alerts", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<string>("Receiver", "incident_alerts", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<string>("Cluster", "incident_alerts", type: "TEXT", nullable: true);

        // Those alone that the comparison reads. Times are microseconds.
        migrationBuilder.Sql(
            """
            UPDATE incident_alerts SET
                "ExternalUrl" = json_extract("ReceivedJson", '$.externalUrl'),
                "Receiver" = json_extract("ReceivedJson", '$.receiver'),
                "Cluster" = json_extract("ReceivedJson", '$.alert.labels.cluster')
            WHERE "Status" = 'Firing' OR "ReceivedAt" >= (CAST(strftime('%s', 'now') AS INTEGER) - 86400) * 1000000
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
