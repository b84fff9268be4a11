using System.Reflection;
using System.Xml.Linq;

namespace AlertResponder.Tests.Unit.Architecture;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    public static readonly string[] Stages = ["Gateway", "Enrichment", "Analysis", "Notification", "Remediation"];
    public static readonly string[] Rooms = ["Contracts", "Incidents", "Resilience", "Connections", "Redaction", .. Stages, "Host", "Simulators"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> ProjectFiles { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public static Assembly Load(string room) => Assembly.Load($"AlertResponder.{room}");

    /// <summary>Names of the projects that a project refers to, the clients among them.</summary>
    public static IReadOnlyList<string> References(string projectFile)
    {
        var project = XDocument.Load(Path.Combine(Root, projectFile));
        return
        [
            .. project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))),
            .. project.Descendants("ClientReference").Select(reference => reference.Attribute("Include")!.Value),
        ];
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has Pipeline.sln.");
    }
}
