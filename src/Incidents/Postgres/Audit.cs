using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AlertResponder.Incidents.Postgres;

/// <summary>The audit trail and where it ends.</summary>
[DbContext(typeof(PostgresIncidentsContext))]
[Migration("20261125000020_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "audit_entries",
            columns: table => new
            {
                Sequence = table.Column<long>(type: "bigint", nullable: false),
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                Step = table.Column<string>(type: "character varying(16)", nullable: false, maxLength: 16),
                IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                ProposalId = table.Column<Guid>(type: "uuid", nullable: false),
                Actor = table.Column<string>(type: "text", nullable: false),
                Channel = table.Column<string>(type: "text", nullable: true),
                Action = table.Column<string>(type: "text", nullable: false),
                Target = table.Column<string>(type: "text", nullable: false),
                Reason = table.Column<string>(type: "text", nullable: true),
                Before = table.Column<string>(type: "text", nullable: true),
                After = table.Column<string>(type: "text", nullable: true),
                PreviousHash = table.Column<string>(type: "character varying(64)", nullable: false, maxLength: 64),
                Hash = table.Column<string>(type: "character varying(64)", nullable: false, maxLength: 64),
            },
            constraints: table => table.PrimaryKey("PK_audit_entries", row => row.Sequence));
        migrationBuilder.CreateIndex("IX_audit_entries_id", "audit_entries", "Id", unique: true);
        migrationBuilder.CreateTable(
            name: "audit_head",
            columns: table => new
            {
                Id = table.Column<int>(type: "integer", nullable: false),
                Sequence = table.Column<long>(type: "bigint", nullable: false),
                Hash = table.Column<string>(type: "character varying(64)", nullable: false, maxLength: 64),
            },
            constraints: table => table.PrimaryKey("PK_audit_head", row => row.Id));
        migrationBuilder.Sql($"INSERT INTO audit_head (\"Id\", \"Sequence\", \"Hash\") VALUES (1, 0, '{new string('0', 64)}')");

        // Against slips of this application and of people. Whoever owns the table can drop it; then the chain tells.
        migrationBuilder.Sql(
            """
            CREATE FUNCTION audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$
            """);
        migrationBuilder.Sql(
            """
            CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
            EXECUTE FUNCTION audit_entries_append_only()
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("audit_head");
        migrationBuilder.DropTable("audit_entries");
        migrationBuilder.Sql("DROP FUNCTION audit_entries_append_only()");
    }
}
