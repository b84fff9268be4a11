using AlertResponder.Redaction;
using AlertResponder.Tests.Unit.Architecture;

namespace AlertResponder.Tests.Unit.Redaction;

/// <summary>
/// Texts kept as files: lines with a secret between «», and texts that lose nothing. In the lines ⏎ is a line end and ␛ the escape
/// character; ¦ is nothing, and keeps an example from looking like a leak to scanners of this repository.
/// </summary>
public sealed class CorpusTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Unit", "Redaction", "corpus");
    private static readonly string Scenarios = Path.Combine(Repository.Root, "tests", "Scenarios");

    // What is planted there must go; all other scenarios are ordinary.
    private static readonly Dictionary<string, string[]> Planted = new(StringComparer.Ordinal)
    {
        ["log-with-credentials-and-chat-markup"] = ["Tr0ub4dor-and-3"],
        ["password-in-connection-string-log"] = ["Tr0ub4dor-77x"],
        ["private-key-and-cookie-in-stack-trace"] = ["MIIfakefake", "ZmFrZS1rZXk", "4b1c9e77d2aa4b6fbe31", "c3NvLWFkbWluOmh1bnRlcjI"],
        ["secrets-in-env-and-termination-message"] = ["wJalrXUtnFEMI", "Sommer2026!", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", "eyJhbGciOiJIUzI1NiJ9"],
    };

    public static TheoryData<string> Secrets => [.. Lines("secrets.txt")];

    public static TheoryData<string> Harmless => [.. Lines("harmless.txt")];

    public static TheoryData<string> Texts => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => name is not ("secrets.txt" or "harmless.txt"))];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Redact_LineWithASecret_LosesIt(string line)
    {
        var (start, end) = (line.IndexOf('«', StringComparison.Ordinal), line.IndexOf('»', StringComparison.Ordinal));
        var secret = line[(start + 1)..end];

        var redacted = Redactor.Redact(line.Remove(end, 1).Remove(start, 1));

        redacted.ShouldNotContain(secret);
        redacted.ShouldContain(Redactor.Mark);
        Redactor.Redact(redacted).ShouldBe(redacted);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void Redact_OrdinaryLine_LosesNothing(string line) => Redactor.Redact(line).ShouldBeSameAs(line);

    [Theory]
    [MemberData(nameof(Texts))]
    public void Redact_OrdinaryText_LosesNothing(string name) => Lost(Path.Combine(Folder, name)).ShouldBeEmpty();

    [Fact]
    public void Redact_Scenarios_LoseTheirSecretsAndNothingElse()
    {
        var folders = Directory.GetDirectories(Scenarios);
        folders.Length.ShouldBeGreaterThanOrEqualTo(60);
        Planted.Keys.ShouldBeSubsetOf(folders.Select(folder => Path.GetFileName(folder)));
        foreach (var folder in folders)
        {
            var texts = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "expected.yml").ToList();
            texts.Count.ShouldBeGreaterThan(1, folder);
            if (!Planted.TryGetValue(Path.GetFileName(folder), out var secrets))
            {
                texts.SelectMany(Lost).ShouldBeEmpty();
                continue;
            }

            var redacted = string.Join('\n', texts.Select(path => Redactor.Redact(File.ReadAllText(path))));
            foreach (var secret in secrets)
            {
                texts.ShouldContain(path => File.ReadAllText(path).Contains(secret, StringComparison.Ordinal));
                redacted.ShouldNotContain(secret);
            }
        }
    }

    private static IEnumerable<string> Lost(string path)
    {
        // Secrets are never read; and what an ACME server shows to all the world is called a token, too.
        var text = string.Join("\n---\n", File.ReadAllText(path).Split("\n---\n").Where(document => !document.Contains("kind: Secret\n", StringComparison.Ordinal) && !document.Contains("kind: Challenge\n", StringComparison.Ordinal)));
        var kept = Redactor.Redact(text).Split('\n').ToHashSet(StringComparer.Ordinal);
        return text.Split('\n').Where(line => !kept.Contains(line)).Select(line => $"{Path.GetRelativePath(Repository.Root, path)}: {line}");
    }

    private static IEnumerable<string> Lines(string name) => File.ReadLines(Path.Combine(Folder, name)).Where(line => line.Length > 0)
        .Select(line => line.Replace("¦", "", StringComparison.Ordinal).Replace('⏎', '\n').Replace('␛', '\e'));
}
