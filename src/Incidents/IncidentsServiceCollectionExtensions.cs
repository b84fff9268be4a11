using AlertResponder.Incidents.Postgres;
using AlertResponder.Incidents.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace AlertResponder.Incidents;

/// <summary>Registers the store.</summary>
public static class IncidentsServiceCollectionExtensions
{
    /// <summary>SQLite's file when nothing is configured.</summary>
    public const string DefaultConnectionString = "Data Source=pipeline.db";

    /// <summary>
    /// Adds <see cref="IncidentsContext"/> by <c>ConnectionStrings:Incidents</c>: <c>Host=…</c> is PostgreSQL, <c>Data Source=…</c>
    /// SQLite. The schema is brought up to date at start.
    /// </summary>
    public static IServiceCollection AddIncidents(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var connectionString = configuration.GetConnectionString("Incidents") is { Length: > 0 } configured ? configured : DefaultConnectionString;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StoreTime>();
        services.TryAddKeyedSingleton<TimeProvider>(StoreTime.Key, (provider, _) => provider.GetRequiredService<StoreTime>());
        if (IsPostgres(connectionString))
        {
            services.AddDbContext<IncidentsContext, PostgresIncidentsContext>(options => options
                .UseNpgsql(connectionString)
                .ConfigureWarnings(Quiet));
        }
        else
        {
            services.AddDbContext<IncidentsContext, SqliteIncidentsContext>(options => options
                .UseSqlite(connectionString)
                .ConfigureWarnings(Quiet));
        }

        return services.AddHostedService<SchemaMigration>().AddHostedService<StoreTimeWatch>();
    }

    /// <summary>Adds the deletion of old incidents. One role does it for all.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Section <c>Incidents</c>.</param>
    public static IServiceCollection AddRetention(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<IncidentsOptions>()
            .Bind(configuration.GetSection(IncidentsOptions.Section))
            .Validate(options => options.IsInRange, IncidentsOptions.RangeError)
            .ValidateOnStart();
        return services.AddHostedService<Retention>();
    }

    /// <summary>Says what is wrong with a connection string and how to mend it; null when it can be used.</summary>
    public static string? Validate(string connectionString)
    {
        try
        {
            if (IsPostgres(connectionString))
            {
                _ = new NpgsqlConnectionStringBuilder(connectionString);
                return null;
            }

            return new SqliteConnectionStringBuilder(connectionString) switch
            {
                { DataSource: "" } => "has neither Host= (PostgreSQL) nor Data Source= (SQLite); give one of them",
                { Mode: SqliteOpenMode.Memory } or { DataSource: ":memory:" } => "keeps nothing over a restart; give SQLite a file: Data Source=pipeline.db",
                _ => null,
            };
        }
        catch (ArgumentException e)
        {
            return $"cannot be read ({e.Message}); give Data Source=pipeline.db or Host=...;Database=...;Username=...;Password=...";
        }
    }

    private static bool IsPostgres(string connectionString) =>
        connectionString.Split(';').Any(part => part.TrimStart().StartsWith("Host=", StringComparison.OrdinalIgnoreCase)
            || part.TrimStart().StartsWith("Server=", StringComparison.OrdinalIgnoreCase));

    // The migrations are written by hand and have no model snapshot to compare with; a test compares the schemas instead.
    private static void Quiet(WarningsConfigurationBuilder warnings) => warnings.Ignore(RelationalEventId.PendingModelChangesWarning);
}
