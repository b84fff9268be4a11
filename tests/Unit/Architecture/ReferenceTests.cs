namespace AlertResponder.Tests.Unit.Architecture;

/// <summary>Imports run one way: Contracts ← Incidents, Resilience, Redaction, Clients ← Connections ← stages ← Host.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Clients = ["BedrockRuntime", "SlackNet"];
    private static readonly string[] Below = ["Contracts", "Incidents", "Resilience", "Connections", "Redaction", .. Clients];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Redaction"] = ["Contracts"],
        ["Simulators"] = [],
        ["Incidents"] = ["Contracts"],
        // It sorts the clients' exceptions.
        ["Resilience"] = ["Contracts", .. Clients],
        ["Connections"] = ["Contracts", "Resilience", "SlackNet"],
        ["Gateway"] = Below,
        ["Enrichment"] = Below,
        ["Analysis"] = Below,
        ["Notification"] = Below,
        ["Remediation"] = Below,
        ["Host"] = [.. Below, .. Repository.Stages, "Simulators"],
        ["BedrockRuntime"] = [],
        ["SlackNet"] = [],
    };

    public static TheoryData<string> SourceProjects => [.. Repository.ProjectFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal))];

    public static TheoryData<string> AllProjects => [.. Repository.ProjectFiles];

    public static TheoryData<string> AllRooms => [.. Repository.Rooms];

    [Fact]
    public void Rooms_OnDisk_AreTheOnesChecked() =>
        Repository.ProjectFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension)
            .ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Project_References_OnlyWhatIsBelowIt(string file) =>
        Repository.References(file).ShouldBeSubsetOf(Allowed[Path.GetFileNameWithoutExtension(file)], file);

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void Assembly_References_OnlyWhatIsBelowIt(string room) =>
        Repository.Load(room).GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("AlertResponder.", StringComparison.Ordinal))
            .Select(name => name.Name!["AlertResponder.".Length..])
            .ShouldBeSubsetOf(Allowed[room], room);

    [Fact]
    public void Contracts_References_NothingButTheRuntime() =>
        Repository.Load("Contracts").GetReferencedAssemblies().ShouldAllBe(name => name.Name!.StartsWith("System.", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Project_Anywhere_IsInTheSolution(string file) =>
        File.ReadAllText(Path.Combine(Repository.Root, "Pipeline.sln")).ShouldContain($"\"{file.Replace('/', '\\')}\"");

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Project_Anywhere_SitsInAFolderOfItsName(string file) =>
        Path.GetFileName(Path.GetDirectoryName(file)).ShouldBe(Path.GetFileNameWithoutExtension(file));
}
