using System.Text;
using AlertResponder.Enrichment.Cluster;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class LogExcerptTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_ShortLog_IsTheLog()
    {
        string[] lines = ["one", "ERROR two", "three"];

        LogExcerpt.Of(lines).ShouldBe("one\nERROR two\nthree");
    }

    [Fact]
    public void Of_QuietLog_IsItsLastFiftyLines() =>
        LogExcerpt.Of([.. Lines(1, 300)]).Split('\n').ShouldBe(Lines(251, 300));

    [Fact]
    public void Of_ErrorBeforeTheTail_IsThereInItsPlaceAfterAGap()
    {
        string[] lines = [.. Lines(1, 100), "level=error msg=\"cannot open the ledger\"", .. Lines(101, 200)];

        var excerpt = LogExcerpt.Of(lines).Split('\n');

        excerpt[..6].ShouldBe(["line 100", "level=error msg=\"cannot open the ledger\"", "line 101", "line 102", "line 103", "…"]);
        excerpt[6..].ShouldBe(Lines(151, 200));
    }

    [Fact]
    public void Of_DeepStackTrace_KeepsItsDeepestCause()
    {
        string[] lines =
        [
            .. Lines(1, 20),
            "ERROR request failed",
            "java.lang.IllegalStateException: no ledger",
            .. Enumerable.Range(1, 100).Select(number => $"\tat shop.Ledger.open{number}(Ledger.java:{number})"),
            "Caused by: java.io.IOException: cannot read",
            .. Enumerable.Range(1, 60).Select(number => $"\tat shop.File.read{number}(File.java:{number})"),
            "Caused by: java.net.ConnectException: Connection refused",
            .. Enumerable.Range(1, 60).Select(number => $"\tat shop.Net.connect{number}(Net.java:{number})"),
            .. Lines(21, 80),
        ];

        var excerpt = LogExcerpt.Of(lines);

        excerpt.ShouldContain("Caused by: java.net.ConnectException: Connection refused");
        excerpt.ShouldContain("java.lang.IllegalStateException: no ledger");
        excerpt.ShouldEndWith("line 80");
    }

    [Fact]
    public void Of_ManyOldErrors_KeepsTheNewestOfEachWorth()
    {
        string[] lines =
        [
            .. Enumerable.Range(1, 150).Select(number => $"Caused by: {(char)('a' + (number % 26))}{new string('x', number)}.Exception: old"),
            "ERROR the newest",
            .. Lines(1, 80),
        ];

        var excerpt = LogExcerpt.Of(lines);

        excerpt.ShouldContain("ERROR the newest");
        excerpt.Length.ShouldBeLessThanOrEqualTo(LogExcerpt.Characters);
    }

    [Fact]
    public void Of_TheSameErrorOverAndOver_IsToldOnce()
    {
        string[] lines = [.. Enumerable.Range(1, 200).Select(number => $"ERROR attempt {number} failed"), .. Lines(1, 60)];

        var excerpt = LogExcerpt.Of(lines);

        excerpt.ShouldContain("attempt 200 failed");
        excerpt.ShouldNotContain("attempt 150 failed");
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10)]
    public void Of_Anything_KeepsTheBound(int length)
    {
        string[] lines = [.. Enumerable.Range(1, 300).Select(number => $"ERROR {(char)('a' + (number % 26))}{new string('y', (number % 17) + length)}")];

        var excerpt = LogExcerpt.Of(lines);

        excerpt.Length.ShouldBeInRange(300, LogExcerpt.Characters);
        excerpt.ShouldEndWith(lines[^1]);
    }

    [Fact]
    public async Task Read_Colours_AreGone()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("\x1b[31mERROR\x1b[0m\tpass\x1b[1mword=hunter2hunter2\x1b]0;title\a done\0\n"));

        var text = await LogTail.ReadAsync(stream, Cancellation);

        text.ShouldBe("ERROR\tpassword=[redacted] done");
    }

    [Fact]
    public async Task Read_KeyAcrossWhatIsLeftOut_IsNotTold()
    {
        var key = string.Concat(Enumerable.Range(1, 150).Select(number => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes($"secret {number:d4}"))}\n"));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\nERROR no\nbye\n"));

        (await LogTail.ReadAsync(stream, Cancellation)).ShouldBe("[redacted]\nERROR no\nbye");
    }

    private static IEnumerable<string> Lines(int from, int to) => Enumerable.Range(from, to - from + 1).Select(number => $"line {number}");
}
