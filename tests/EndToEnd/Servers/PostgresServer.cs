using System.Globalization;
using DotNet.Testcontainers.Containers;
using Npgsql;
using Testcontainers.PostgreSql;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>
/// A PostgreSQL server of its own: superuser postgres without password unless told otherwise, loopback only, no socket, nothing
/// synced to disk.
/// </summary>
public sealed class PostgresServer : InstalledServer
{
    private const string SystemUser = "postgres";
    private const string Image = "postgres:15-alpine";
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(60);
    private static readonly string[] Connections = ["-c", "max_connections=500"]; // many processes of many tests, each with a pool
    private readonly int port;
    private readonly string superuser;
    private readonly string? password;

    private PostgresServer(int port, string superuser, string? password)
        : base("postgres", "PostgreSQL", "postgresql")
    {
        this.port = port;
        this.superuser = superuser;
        this.password = password;
    }

    /// <summary>The maintenance database; a test takes <see cref="CreateDatabaseAsync"/>.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    private string DataFolder => Path.Combine(Folder, "data");

    private string[] Settings =>
    [
        "-p", port.ToString(CultureInfo.InvariantCulture),
        "-c", "listen_addresses=127.0.0.1",
        .. Connections,
        "-c", "unix_socket_directories=",
        "-c", "fsync=off",
        "-c", "full_page_writes=off",
        "-c", "synchronous_commit=off",
    ];

    /// <summary>A running server that is the caller's alone, to stop and kill at will. Dispose it.</summary>
    public static Task<PostgresServer> StartNewAsync(CancellationToken cancellationToken = default)
        => StartedAsync(new PostgresServer(FreePort.Next(), "postgres", password: null), cancellationToken);

    /// <summary>One on a given port, that demands the password of a superuser of the caller's.</summary>
    public static Task<PostgresServer> StartNewAsync(int port, string superuser, string password, CancellationToken cancellationToken = default)
        => StartedAsync(new PostgresServer(port, superuser, password), cancellationToken);

    /// <summary>Creates an empty database and returns its connection string.</summary>
    /// <param name="name">Its name; a unique one when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> CreateDatabaseAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        name ??= $"test_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionStringOf(name);
    }

    private protected override async Task<IServerRun?> LaunchInstalledAsync(CancellationToken cancellationToken)
    {
        if (FindPrograms() is not { } programs)
            return null;

        if (!Directory.Exists(DataFolder))
            await CreateClusterAsync(programs, cancellationToken);
        string[] postgres = [.. AsUser(), Path.Combine(programs, "postgres"), "-D", DataFolder, .. Settings];

        // SIGINT is PostgreSQL's fast shutdown; with SIGTERM it waits until the last client has gone.
        return ChildProcess.Start(postgres[0], postgres[1..], Folder, Log, stopSignal: ChildProcess.Signal.Interrupt);
    }

    private protected override IContainer BuildContainer()
    {
        var builder = new PostgreSqlBuilder(Image).WithPortBinding(port, PostgreSqlBuilder.PostgreSqlPort).WithUsername(superuser).WithCommand(Connections);
        return (password is null ? builder.WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "trust") : builder.WithPassword(password)).Build();
    }

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return true;
    }

    private protected override async Task EndAsync()
    {
        // Killed it would leave its shared memory segment behind.
        await StopAsync();
        await base.EndAsync();
    }

    /// <summary>The folder of the newest installed version's programs; they are not on the PATH.</summary>
    private static string? FindPrograms()
        => Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .Where(version => File.Exists(Path.Combine(version, "bin", "initdb")))
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var major) ? major : 0)
                .Select(version => Path.Combine(version, "bin"))
                .FirstOrDefault()
            : null;

    /// <summary>PostgreSQL refuses to run as root, so root runs it as the user that its package creates.</summary>
    private static string[] AsUser()
        => Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", "--"] : [];

    private async Task CreateClusterAsync(string programs, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
            await ChildProcess.RunAsync("chown", [$"{SystemUser}:{SystemUser}", Folder], Folder, CommandPatience, cancellationToken);
        string[] access = ["--auth", "trust"];
        if (password is not null)
        {
            var file = Path.Combine(Folder, "password");
            await File.WriteAllTextAsync(file, password, cancellationToken);
            access = ["--auth", "scram-sha-256", "--pwfile", file];
        }

        string[] initdb =
        [
            .. AsUser(), Path.Combine(programs, "initdb"), "-D", DataFolder, "--username", superuser, .. access,
            "--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions",
        ];
        await ChildProcess.RunAsync(initdb[0], initdb[1..], Folder, CommandPatience, cancellationToken);
    }

    private string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = superuser,
        Password = password,
        Database = database,
        Timeout = 5,
    }.ConnectionString;
}
