using System.Text.Json.Nodes;
using AlertResponder.Remediation.Cluster;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class ObjectEditTests
{
    private const string Live =
        """{"metadata":{"uid":"u1","resourceVersion":"7"},"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"web","image":"web:1"},{"name":"proxy"}]}}}}""";

    private static readonly ObjectEdit Edit = new(
        "u1",
        null,
        [new FieldValue("/spec/template/spec/containers/0/name", JsonValue.Create("web"))],
        [new FieldEdit("/spec/replicas", JsonValue.Create(2), JsonValue.Create(3)), new FieldEdit("/spec/template/spec/nodeSelector/a~1b", null, JsonValue.Create("x"))]);

    [Theory]
    [InlineData("\"u1\"", "\"u1\"", null)]
    [InlineData("\"u1\"", "\"u2\"", "deleted and made again")]
    [InlineData("\"replicas\":2", "\"replicas\":4", "spec.replicas has changed")]
    [InlineData("\"replicas\":2,", "", "spec.replicas has changed")]
    [InlineData("\"name\":\"web\"", "\"name\":\"other\"", "containers[other].name has changed")]
    [InlineData("\"resourceVersion\":\"7\"", "\"annotations\":{\"alert-responder.io/proposal\":\"p0\"}", "another proposal")]
    [InlineData("\"template\":{\"spec\":{", "\"template\":{\"spec\":{\"nodeSelector\":{\"a/b\":\"y\"},", "nodeSelector.a/b has changed")]
    [InlineData("\"template\":{\"spec\":{", "\"template\":{\"spec\":{\"nodeSelector\":{\"c\":\"y\"},", null)]
    public void Violation_ChangedSince_SaysWhat(string from, string to, string? violation)
    {
        var text = Live.Replace(from, to, StringComparison.Ordinal);
        var actual = Edit.Violation((JsonObject)JsonNode.Parse(text)!);

        if (violation is null)
            actual.ShouldBeNull();
        else
            actual.ShouldNotBeNull().ShouldContain(violation);
    }

    [Fact]
    public void Patch_MissingParents_AreMadeOnceAndTheStampGoesWithIt() =>
        Edit.Patch((JsonObject)JsonNode.Parse(Live)!, "p1").ToJsonString().ShouldBe(
            """
            [{"op":"test","path":"/metadata/uid","value":"u1"},
            {"op":"replace","path":"/metadata/resourceVersion","value":"7"},
            {"op":"add","path":"/spec/replicas","value":3},
            {"op":"add","path":"/spec/template/spec/nodeSelector","value":{}},
            {"op":"add","path":"/spec/template/spec/nodeSelector/a~1b","value":"x"},
            {"op":"add","path":"/metadata/annotations","value":{}},
            {"op":"add","path":"/metadata/annotations/alert-responder.io~1proposal","value":"p1"}]
            """.Replace("\n", "", StringComparison.Ordinal));

    [Fact]
    public void Reversed_OfAChange_RemovesWhatWasAddedAndExpectsTheStamp()
    {
        var reversed = Edit.Reversed("p1");

        (reversed.Uid, reversed.Stamp).ShouldBe(("u1", "p1"));
        reversed.Edits.Select(edit => (edit.Path, edit.From?.ToJsonString(), edit.To?.ToJsonString()))
            .ShouldBe([("/spec/template/spec/nodeSelector/a~1b", "\"x\"", null), ("/spec/replicas", "3", "2")]);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(500, 201)]
    public void Diff_ManyChanges_AreBounded(int changes, int lines)
    {
        var after = new JsonObject(Enumerable.Range(0, changes).Select(index => KeyValuePair.Create($"field{index}", (JsonNode?)JsonValue.Create(new string('x', 300)))));

        var diff = ObjectDiff.Between([], after);

        diff.Count.ShouldBe(lines);
        diff.ShouldAllBe(line => line.Length < 250);
        ObjectDiff.Short(diff).Length.ShouldBeInRange(1, ObjectDiff.ShortLength);
    }

    [Fact]
    public void Diff_ServersOwnFieldsAndStamp_AreLeftOut()
    {
        const string After =
            """
            {"metadata":{"uid":"u1","resourceVersion":"8","generation":3,"managedFields":[{}],"annotations":{"alert-responder.io/proposal":"p1"}},"status":{"replicas":3},
            "spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"proxy"},{"name":"web","image":"web:2","args":["-a","--password=hunter2"]}]}}}}
            """;

        var diff = ObjectDiff.Between((JsonObject)JsonNode.Parse(Live)!, (JsonObject)JsonNode.Parse(After)!);

        diff.ShouldBe(
        [
            "spec.template.spec.containers[web].image: web:1 → web:2",
            "spec.template.spec.containers[web].args[0]: none → -a",
            "spec.template.spec.containers[web].args[1]: none → --password=[redacted]",
        ]);
    }
}
