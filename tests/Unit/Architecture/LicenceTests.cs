using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace AlertResponder.Tests.Unit.Architecture;

/// <summary>
/// No package has a licence that has not been looked at, and docs/third-party-licences.md names those that the Host stands on.
/// <c>UPDATE_GOLDEN=1</c> writes it anew.
/// </summary>
public sealed class LicenceTests
{
    private const string Introduction = """
        # Licences of other people's packages

        Every NuGet package that the Host stands on, with what brings it in and its analyzers, which are not shipped. A test writes this list from the
        lock file and the packages themselves, and refuses any licence that is not permissive, here and among the packages of the tests.

        | package | version | licence |
        | --- | --- | --- |

        """;

    private static readonly HashSet<string> Permissive =
        new(StringComparer.Ordinal) { "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "MS-PL", "Unlicense", "public domain" };

    // Packages that name no licence by its identifier, but have its text: which it is, and a sentence that shows it.
    private static readonly Dictionary<string, (string Licence, string Sentence)> Read = new(StringComparer.Ordinal)
    {
        ["SQLite"] = ("public domain", "SQLite is Public Domain"),
    };

    private static readonly string Packages = typeof(LicenceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NuGetPackageRoot").Value!;

    public static TheoryData<string> LockFiles { get; } =
        [.. Repository.ProjectFiles.Select(project => $"{Path.GetDirectoryName(project)!.Replace('\\', '/')}/packages.lock.json")];

    [Theory]
    [MemberData(nameof(LockFiles))]
    public void Packages_OfAnyProject_HavePermissiveLicences(string lockFile) =>
        Locked(lockFile).Where(package => !IsPermissive(LicenceOf(package.Name, package.Version))).ShouldBeEmpty();

    [Fact]
    public void Packages_OfMassTransit_AreOlderThanTheCommercialOnes() =>
        Locked("src/Host/packages.lock.json").Where(package => package.Name.StartsWith("MassTransit", StringComparison.Ordinal))
            .Select(package => Version.Parse(package.Version).Major).ShouldAllBe(major => major < 9);

    [Fact]
    public async Task Packages_OfTheHost_AreThoseOfTheList()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var (name, version) in Locked("src/Host/packages.lock.json"))
        {
            text.Append($"| {name} | {version} | {LicenceOf(name, version)} |\n");
        }

        var file = Path.Combine(Repository.Root, "docs", "third-party-licences.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, text.ToString(), TestContext.Current.CancellationToken);
        }
        else
        {
            text.ToString().ShouldBe(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), "UPDATE_GOLDEN=1 writes it anew");
        }
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("Apache-2.0 OR MPL-2.0", true)]
    [InlineData("MPL-2.0 OR GPL-3.0-only", false)]
    [InlineData("MIT AND Apache-2.0", true)]
    [InlineData("MIT AND GPL-3.0-only", false)]
    [InlineData("(MIT OR Apache-2.0) AND BSD-3-Clause", false)]
    [InlineData("LICENSE.txt", false)]
    [InlineData("", false)]
    public void IsPermissive_Expression_IsWhatOneMayChoose(string expression, bool permissive) => IsPermissive(expression).ShouldBe(permissive);

    /// <summary>Whether all of what the expression demands is permissive. What it does not understand is not: then a person reads it.</summary>
    private static bool IsPermissive(string expression) =>
        expression.Split(" AND ").All(demanded => demanded.Split(" OR ").Any(Permissive.Contains));

    private static List<(string Name, string Version)> Locked(string lockFile)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, lockFile)));
        return
        [
            .. json.RootElement.GetProperty("dependencies").EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project")
                .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!))
                .Distinct()
                .OrderBy(package => package.Name, StringComparer.Ordinal),
        ];
    }

    private static string LicenceOf(string name, string version)
    {
        var folder = Path.Combine(Packages, name.ToLowerInvariant(), version.ToLowerInvariant());
        var metadata = XDocument.Load(Path.Combine(folder, $"{name.ToLowerInvariant()}.nuspec")).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        var licence = metadata.Elements().FirstOrDefault(child => child.Name.LocalName == "license");
        if (licence?.Attribute("type")?.Value == "expression")
        {
            return licence.Value;
        }

        return licence is not null && Read.TryGetValue(name, out var read) && File.ReadAllText(Path.Combine(folder, licence.Value)).Contains(read.Sentence, StringComparison.Ordinal)
            ? read.Licence
            : licence?.Value ?? "";
    }
}
