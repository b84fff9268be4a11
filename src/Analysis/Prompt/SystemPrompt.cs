namespace AlertResponder.Analysis.Prompt;

/// <summary>The operator's own system prompt, a file.</summary>
internal static class SystemPrompt
{
    /// <summary>The full path of a file that exists; null when none does.</summary>
    private static string? Find(string file) =>
        new[] { Path.GetFullPath(file, AppContext.BaseDirectory), Path.GetFullPath(file) }.FirstOrDefault(File.Exists);

    /// <summary>The file's text; null when there is none, or none that can be read.</summary>
    public static string? TryRead(string file)
    {
        try
        {
            return Find(file) is { } path && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static string Read(string file) => TryRead(file) ?? throw new FileNotFoundException($"Analysis:SystemPromptFile names no readable file ('{file}').", file);
}
