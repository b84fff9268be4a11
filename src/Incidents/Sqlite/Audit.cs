using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Sqlite;

/// <summary>The audit trail and where it ends.</summary>
[DbContext(typeof(SqliteIncidentsContext))]
[Migration("20261125000020_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "audit_entries",
            columns: table => new
            {
                Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                Id = table.Column<Guid>(type: "TEXT", nullable: false),
                At = table.Column<long>(type: "INTEGER", nullable: false),
                Step = table.Column<string>(type: "TEXT", nullable: false, maxLength: 16),
                IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                ProposalId = table.Column<Guid>(type: "TEXT", nullable: false),
                Actor = table.Column<string>(type: "TEXT", nullable: false),
                Channel = table.Column<string>(type: "TEXT", nullable: true),
                Action = table.Column<string>(type: "TEXT", nullable: false),
                Target = table.Column<string>(type: "TEXT", nullable: false),
                Reason = table.Column<string>(type: "TEXT", nullable: true),
                Before = table.Column<string>(type: "TEXT", nullable: true),
                After = table.Column<string>(type: "TEXT", nullable: true),
                PreviousHash = table.Column<string>(type: "TEXT", nullable: false, maxLength: 64),
                Hash = table.Column<string>(type: "TEXT", nullable: false, maxLength: 64),
            },
            constraints: table => table.PrimaryKey("PK_audit_entries", row => row.Sequence));
        migrationBuilder.CreateIndex("IX_audit_entries_id", "audit_entries", "Id", unique: true);
        migrationBuilder.CreateTable(
            name: "audit_head",
            columns: table => new
            {
                Id = table.Column<int>(type: "INTEGER", nullable: false),
                Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                Hash = table.Column<string>(type: "TEXT", nullable: false, maxLength: 64),
            },
            constraints: table => table.PrimaryKey("PK_audit_head", row => row.Id));
        migrationBuilder.Sql($"INSERT INTO audit_head (\"Id\", \"Sequence\", \"Hash\") VALUES (1, 0, '{new string('0', 64)}')");

        // Against slips of this application and of people. Whoever owns the file can drop them; then the chain tells.
        foreach (var change in (string[])["UPDATE", "DELETE"])
        {
            migrationBuilder.Sql(
                $"CREATE TRIGGER audit_entries_no_{change.ToLowerInvariant()} BEFORE {change} ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END");
        }
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("audit_head");
        migrationBuilder.DropTable("audit_entries");
    }
}
