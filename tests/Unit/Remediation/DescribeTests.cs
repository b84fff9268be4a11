using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Actions.Read;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class DescribeTests
{
    [Fact]
    public void Text_OfAPod_IsReadableAndKeepsSecretsToItself()
    {
        const string Pod =
            """
            {"kind":"Pod","metadata":{"name":"web","managedFields":[{"manager":"x"}],"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","db_password":"hunter2"}},
            "spec":{"containers":[{"name":"web","args":["--a","--password=hunter2"],"env":[{"name":"PASSWORD","value":"hunter2"},{"name":"REF","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"ports":[]}],"tolerations":[{"key":"a","operator":"Exists"}]}}
            """;

        Describe.Text((JsonObject)JsonNode.Parse(Pod)!).ShouldBe(
            """
            kind: Pod
            metadata:
              name: web
              annotations:
                db_password: [redacted]
            spec:
              containers:
              - name: web
                args:
                - --a
                - --password=[redacted]
                env:
                - name: PASSWORD
                  value: [redacted]
                - name: REF
                  valueFrom:
                    secretKeyRef:
                      name: s
                      key: k
                ports: []
              tolerations:
              - key: a
                operator: Exists
            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    public void HeadAndTail_OfLongText_AreBoundedWithoutBrokenCharacters(string character)
    {
        var text = "first " + string.Concat(Enumerable.Repeat(character, 60_000)) + " last";

        var (head, tail) = (ReplyText.Head(text), ReplyText.Tail(text));

        foreach (var cut in new[] { head, tail })
        {
            Encoding.UTF8.GetByteCount(cut).ShouldBeInRange(ReplyText.MostBytes - 8, ReplyText.MostBytes);
            Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)).ShouldBe(cut);
        }

        head.ShouldStartWith("first ");
        tail.ShouldEndWith(" last");
    }
}
