using AlertResponder.Simulators.Cluster;
using AlertResponder.Simulators.Cluster.Store;

namespace AlertResponder.Tests.Unit.Simulators;

public sealed class YamlDocumentsTests
{
    [Theory]
    [InlineData("true", "true")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("'7'", "\"7\"")]
    [InlineData("7", "7")]
    [InlineData("-3", "-3")]
    [InlineData("0644", "420")]
    [InlineData("1.5", "1.5")]
    [InlineData("256Mi", "\"256Mi\"")]
    [InlineData("100m", "\"100m\"")]
    [InlineData("2026-11-22T08:11:16Z", "\"2026-11-22T08:11:16Z\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("", "null")]
    [InlineData("~", "null")]
    [InlineData("null", "null")]
    [InlineData("no", "false")]
    [InlineData("|-\n  3\n", "\"3\"")]
    [InlineData("[1, '1', a]", "[1,\"1\",\"a\"]")]
    [InlineData("{a: {b: 1}}", "{\"a\":{\"b\":1}}")]
    public void Read_Value_HasTheTypeOfYaml(string yaml, string json) =>
        YamlDocuments.Read($"value: {yaml}").Single()["value"].ToJson().ShouldBe(json);

    [Theory]
    [InlineData("labels")]
    [InlineData("annotations")]
    [InlineData("matchLabels")]
    [InlineData("nodeSelector")]
    [InlineData("limits")]
    [InlineData("allocatable")]
    public void Read_MapOfStrings_KeepsTheText(string map) =>
        YamlDocuments.Read($"{map}: {{a: 1.10, b: true, c: \"2\", d: 007}}").Single()[map].ToJson()
            .ShouldBe("""{"a":"1.10","b":"true","c":"2","d":"007"}""");

    [Fact]
    public void Read_SeveralDocumentsAndLists_AreFlat() =>
        YamlDocuments.Read("# nothing\n---\nkind: A\n---\n---\nkind: List\nitems: [{kind: B}, {kind: C}]\n")
            .Select(document => document["kind"]!.GetValue<string>())
            .ShouldBe(["A", "B", "C"]);

    [Fact]
    public void Read_Alias_IsCopied() =>
        YamlDocuments.Read("a: &x {b: 1}\nc: *x\n").Single().ToJson().ShouldBe("""{"a":{"b":1},"c":{"b":1}}""");

    [Theory]
    [InlineData("{{now}}", "2026-11-22T08:11:16Z")]
    [InlineData("{{now-15m}}", "2026-11-22T07:56:16Z")]
    [InlineData("{{now+1h30m}}", "2026-11-22T09:41:16Z")]
    [InlineData("{{now-2d1s}}", "2026-11-20T08:11:15Z")]
    [InlineData("{{ other }}", "{{ other }}")]
    public void Expand_Placeholder_IsATime(string text, string expected) =>
        RelativeTime.Expand($"at {text}.", new SettableTime().Now).ShouldBe($"at {expected}.");

    [Theory]
    [InlineData("{{now-15}}")]
    [InlineData("{{now - 15m}}")]
    [InlineData("{{now-15x}}")]
    public void Expand_Mistyped_Throws(string text) => Should.Throw<FormatException>(() => RelativeTime.Expand(text, default));
}

file static class Json
{
    public static string ToJson(this System.Text.Json.Nodes.JsonNode? node) => node?.ToJsonString() ?? "null";
}
