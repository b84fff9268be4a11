using AlertResponder.Analysis.Model;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class AnswerParserTests
{
    private const string Json = """{"cause":"it {broke}","explanation":"Because.","severity":"critical","confidence":"high","evidence":["e1"],"actions":["describe"],"commands":[]}""";

    [Theory]
    [InlineData(Json)]
    [InlineData("```json\n" + Json + "\n```")]
    [InlineData("Sure! Here is {my} answer:\n" + Json + "\nHope that helps {really}.")]
    [InlineData("{ not closed, then " + Json)]
    [InlineData("""{"cause":"it {broke}","explanation":"Because.","severity":"CRITICAL","confidence":"High","evidence":"e1","actions":["describe",],}""")]
    [InlineData("{\"cause\":\"it\n{broke}\",\"explanation\":\"Because.\",\"severity\":\"critical\",\"confidence\":\"high\",\"evidence\":[\"e1\"],\"actions\":[\"describe\"]}")]
    public void Parse_UsableForm_IsRead(string text)
    {
        var (answer, problem) = AnswerParser.Parse(text);

        problem.ShouldBeNull();
        answer.ShouldNotBeNull().Cause.ShouldBe("it {broke}");
        answer.Explanation.ShouldBe("Because.");
        answer.Severity.ShouldBe(Severity.Critical);
        answer.Confidence.ShouldBe(Confidence.High);
        answer.EvidenceIds.ShouldBe(["e1"]);
        answer.ActionKinds.ShouldBe(["describe"]);
        answer.Commands.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "it has no JSON object")]
    [InlineData("I cannot help with that.", "it has no JSON object")]
    [InlineData("{\"cause\": \"cut in the mid", "the JSON object is not complete")]
    [InlineData("{cause: broke}", "it is not valid JSON (line 1)")]
    [InlineData("{}", "cause must be a text; severity must be info, warning or critical; confidence must be low, medium or high")]
    [InlineData("""{"cause":"x","severity":"7","confidence":"low"}""", "severity must be info, warning or critical")]
    [InlineData("""{"cause":"x","severity":"info","confidence":"low","actions":[{"kind":"describe"}]}""", "actions must be a list of texts")]
    public void Parse_UnusableForm_SaysWhatIsWrong(string text, string problem) => AnswerParser.Parse(text).ShouldBe((null, problem));
}
