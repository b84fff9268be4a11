using AlertResponder.Host.Settings;

namespace AlertResponder.Host.Commands;

/// <summary>Runs the pipeline until it is told to stop.</summary>
internal static class RunCommand
{
    private const int BadUsage = 2;

    /// <param name="roles">As of <c>--roles</c>.</param>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(string? roles, string[] settings, CancellationToken cancellationToken)
    {
        if (Array.Find(settings, setting => !setting.StartsWith("--", StringComparison.Ordinal) || !setting.Contains('=', StringComparison.Ordinal)) is { } wrong)
        {
            await System.Console.Error.WriteLineAsync($"'{wrong}' is neither a command nor a setting (--Section:Name=value). See --help.");
            return BadUsage;
        }

        try
        {
            await using var app = Pipeline.Build(roles is null ? settings : [.. settings, $"--Roles={roles}"]);
            await app.RunAsync(cancellationToken);
            return 0;
        }
        catch (SettingsException e)
        {
            await System.Console.Error.WriteLineAsync($"The configuration has {e.Errors.Count} error{(e.Errors.Count == 1 ? "" : "s")}:");
            foreach (var error in e.Errors)
            {
                await System.Console.Error.WriteLineAsync($"  {error}");
            }

            return BadUsage;
        }
    }
}
