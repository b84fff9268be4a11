using AlertResponder.Simulators.Cluster;

namespace AlertResponder.Simulators;

/// <summary>The stories that come with the simulators: folders of <c>Stories/</c>, embedded as they stand.</summary>
public static class Stories
{
    /// <summary>A CronJob's pod that the kernel kills again and again for its memory: <c>cardboard/price-scraper</c>.</summary>
    public static Story PriceScraper => Load(nameof(PriceScraper));

    /// <summary>A story by the name of its folder.</summary>
    /// <param name="name">For instance <c>PriceScraper</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such story.</exception>
    public static Story Load(string name)
    {
        var files = typeof(Stories).Assembly.GetManifestResourceNames()
            // Where the build ran on Windows, they are named with its separator.
            .Select(resource => (Resource: resource, Path: resource.Replace('\\', '/')))
            .Where(file => file.Path.StartsWith($"Stories/{name}/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => (Path: file.Path[$"Stories/{name}/".Length..], Text: Read(file.Resource)))
            .ToList();
        return files.Count == 0
            ? throw new KeyNotFoundException($"There is no story {name}.")
            : new Story(
                string.Join("\n---\n", files.Where(file => Path.GetExtension(file.Path) == ".yaml").Select(file => file.Text)),
                files.Where(file => file.Path.StartsWith("logs/", StringComparison.Ordinal))
                    .ToDictionary(file => file.Path["logs/".Length..], file => file.Text, StringComparer.Ordinal));
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(Stories).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
