namespace AlertResponder.Analysis.Prompt;

/// <summary>The operator's own system prompt, a file.</summary>
internal static class SystemPrompt
{
    /// <summary>The full path of a file that exists; null when none does.</summary>
    public static string? Find(string file) =>
        new[] { Path.GetFullPath(file, AppContext.BaseDirectory), Path.GetFullPath(file) }.FirstOrDefault(File.Exists);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static string Read(string file) =>
        File.ReadAllText(Find(file) ?? throw new FileNotFoundException($"Analysis:SystemPromptFile names no file ('{file}').", file)).Trim();
}
