namespace AlertResponder.Host.Settings;

/// <summary>The configuration is wrong.</summary>
public sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>All of it, a sentence each, with the fix.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
