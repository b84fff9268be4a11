namespace AlertResponder.Host.Commands;

/// <summary>Runs the pipeline until it is told to stop.</summary>
internal static class RunCommand
{
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="Settings.SettingsException">The configuration is wrong; nothing was started.</exception>
    public static async Task<int> ExecuteAsync(string[] settings, CancellationToken cancellationToken)
    {
        await using var app = Pipeline.Build(settings);
        await app.RunAsync(cancellationToken);
        return ExitCodes.Done;
    }
}
