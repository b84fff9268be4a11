using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using AlertResponder.Host.Commands;
using AlertResponder.Host.Roles;
using AlertResponder.Host.Settings;
using AlertResponder.Incidents;
using AlertResponder.Incidents.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Host.Audit;

/// <summary>Verifies and exports the audit trail. It only reads, also while the pipeline runs.</summary>
internal static class AuditCommand
{
    private const int HashLength = 64;

    // For a line each, to be read by programs and by people.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    /// <param name="known">A row and its hash as noted elsewhere, <c>SEQUENCE:HASH</c>; null without.</param>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="streams">Where the text goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 if the chain is whole.</returns>
    public static Task<int> VerifyAsync(string? known, string[] settings, InvocationConfiguration streams, CancellationToken cancellationToken) => WithStoreAsync(
        settings,
        streams,
        async store =>
        {
            var verdict = await AuditTrail.VerifyAsync(store, known is null ? null : Place(known), cancellationToken);
            if (verdict.IsWhole)
            {
                await streams.Output.WriteLineAsync(verdict.Sequence == 0
                    ? "The audit trail is empty."
                    : $"The audit trail is whole: {verdict.Sequence} row{(verdict.Sequence == 1 ? "" : "s")}. Keep this elsewhere, for --known: {verdict.Sequence}:{verdict.Hash}");
                return ExitCodes.Done;
            }

            await streams.Error.WriteLineAsync($"The audit trail was tampered with. {verdict.Problem} The rows up to {verdict.Sequence} are as they were written.");
            return ExitCodes.Failed;
        },
        cancellationToken);

    /// <param name="after">Only the rows after this one.</param>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="streams">Where the text goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> ExportAsync(long after, string[] settings, InvocationConfiguration streams, CancellationToken cancellationToken) => WithStoreAsync(
        settings,
        streams,
        async store =>
        {
            await foreach (var entry in AuditTrail.ReadAsync(store, after, cancellationToken))
            {
                await streams.Output.WriteLineAsync(JsonSerializer.Serialize(entry, Json));
            }

            return ExitCodes.Done;
        },
        cancellationToken);

    /// <summary>Whether it is <c>SEQUENCE:HASH</c>.</summary>
    public static bool IsPlace(string text) =>
        text.Split(':') is [var sequence, { Length: HashLength } hash]
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        && hash.All(char.IsAsciiHexDigit);

    private static (long Sequence, string Hash) Place(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (long.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture), text[(colon + 1)..]);
    }

    private static async Task<int> WithStoreAsync(
        string[] settings, InvocationConfiguration streams, Func<IncidentsContext, Task<int>> action, CancellationToken cancellationToken)
    {
        var configuration = Pipeline.Configuration(settings);
        if (SettingsCheck.Errors(configuration, Role.All, roleError: null) is { Count: > 0 } errors)
        {
            throw new SettingsException(errors);
        }

        await using var services = new ServiceCollection().AddLogging().AddIncidents(configuration).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IncidentsContext>();
        try
        {
            // Opening an SQLite file that is not there would make it.
            if (store.Database.GetDbConnection() is SqliteConnection sqlite && !File.Exists(sqlite.DataSource))
            {
                await streams.Error.WriteLineAsync($"There is no store: {Path.GetFullPath(sqlite.DataSource)} does not exist. Set ConnectionStrings:Incidents as the pipeline has it.");
                return ExitCodes.Failed;
            }

            if ((await store.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            {
                await streams.Error.WriteLineAsync("The store's schema is not of this version: start the pipeline once, which brings it up to date.");
                return ExitCodes.Failed;
            }

            return await action(store);
        }
        catch (DbException e)
        {
            await streams.Error.WriteLineAsync($"The store failed: {ForeignLine.Of(e.GetBaseException().Message)}. `doctor` says more.");
            return ExitCodes.Failed;
        }
    }
}
