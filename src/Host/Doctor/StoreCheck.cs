using System.Data.Common;
using AlertResponder.Host.Commands;
using AlertResponder.Incidents;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether the store answers, has its schema, and can be written, and what its alerts say of clusters; nothing in it is changed.</summary>
internal static class StoreCheck
{
    private const string Subject = "store";
    private const int MostClusters = 5;

    // Undone; each needs the rights that the pipeline needs: to write, or, before the schema is there, to make it.
    private const string Write = "UPDATE incidents SET \"Version\" = \"Version\" WHERE 1 = 0";
    private const string CreateTable = "CREATE TABLE alert_responder_doctor (n integer)";

    /// <param name="services">Of the application.</param>
    /// <param name="needsClusterName">Whether a role is on to which <c>Kubernetes:ClusterName</c> matters, and it is not set.</param>
    public static Check Of(IServiceProvider services, bool needsClusterName)
    {
        // EF Core makes its model at first use: seconds on a small machine, and none of them the database's.
        using var scope = services.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<IncidentsContext>().Model;
        return new Check(
            Subject,
            "See that the database answers and that ConnectionStrings:Incidents is right",
            cancellationToken => ExamineAsync(services, needsClusterName, cancellationToken));
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(IServiceProvider services, bool needsClusterName, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        var connection = store.Database.GetDbConnection();
        if (connection is SqliteConnection && !File.Exists(connection.DataSource))
        {
            return [Missing(Path.GetFullPath(connection.DataSource))];
        }

        var where = connection is SqliteConnection ? $"SQLite {Path.GetFullPath(connection.DataSource)}" : $"PostgreSQL {connection.Database} at {Server(connection)}";
        try
        {
            await connection.OpenAsync(cancellationToken);
            var pending = (await store.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = pending == 0 ? Write : CreateTable;
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.RollbackAsync(cancellationToken);
            return
            [
                Finding.Ok(Subject, $"{where}: writable, {(pending == 0 ? "schema up to date" : $"{pending} migration(s) to be made at the next start")}"),
                .. needsClusterName && pending == 0 ? await ClustersAsync(store, cancellationToken) : [],
            ];
        }
        catch (Exception e) when (Failure(e) is { } failure)
        {
            return [Finding.Fail(Subject, $"{where}: {ForeignLine.Of(failure.GetBaseException().Message).TrimEnd('.')}", Fix(failure))];
        }
    }

    private static async Task<IReadOnlyList<Finding>> ClustersAsync(IncidentsContext store, CancellationToken cancellationToken)
    {
        var clusters = await store.Alerts.Where(a => a.Cluster != null).Select(a => a.Cluster!).Distinct().OrderBy(cluster => cluster).Take(MostClusters).ToListAsync(cancellationToken);
        return clusters.Count == 0
            ? []
            :
            [
                Finding.Note(
                    "cluster",
                    $"Kubernetes:ClusterName is not set, and alerts are labelled cluster={string.Join(", ", clusters.Select(ForeignLine.Of))}: set it to the connected one's, for enrichment and remediation. Without it they get no buttons but Silence, and another cluster's are told from this one."),
            ];
    }

    // Opening it would make it.
    private static Finding Missing(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            using var trial = new FileStream(
                Path.Combine(folder, $".alert-responder-doctor-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return Finding.Ok(Subject, $"SQLite {file}: to be made at the first start");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(
                Subject, $"SQLite {file} cannot be made ({ForeignLine.Of(e.Message).TrimEnd('.')})", $"Make the folder {folder} writable, or set ConnectionStrings:Incidents=Data Source=FILE");
        }
    }

    private static string Server(DbConnection connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        return $"{settings.Host}:{settings.Port}";
    }

    // EF Core wraps what it takes for passing.
    private static DbException? Failure(Exception exception) => exception as DbException ?? exception.InnerException as DbException;

    private static string Fix(DbException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "Correct Username and Password in ConnectionStrings:Incidents",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "Make the database: CREATE DATABASE ... OWNER ...",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => "Make the user the database's owner: ALTER DATABASE ... OWNER TO ...",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "Give the address of the server that takes writes",
        PostgresException => "See the server's log",
        SqliteException => "See that the file is a database that may be written, and that no other process holds it",
        _ => "Start PostgreSQL, or correct Host and Port in ConnectionStrings:Incidents",
    };
}
