using AlertResponder.Notification;
using AlertResponder.Notification.Console;
using Spectre.Console;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class ConsoleMessageBoardTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public async Task PostAsync_RedirectedOutput_PrintsTheGoldenText(string name)
    {
        var output = new StringWriter { NewLine = "\n" };
        var board = new ConsoleMessageBoard(Terminal(output, ansi: false));

        await board.PostAsync(Snapshots.All[name], _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        Golden.ShouldMatch($"{name}.txt", output.ToString());
    }

    [Fact]
    public async Task PostAsync_RedirectedOutput_HasNoControlCharacterAndKeepsTheWidthButForLinks()
    {
        var output = new StringWriter { NewLine = "\n" };
        var board = new ConsoleMessageBoard(Terminal(output, ansi: false));

        await board.PostAsync(Snapshots.Hostile(), _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        output.ToString().Where(c => char.IsControl(c) && c != '\n').ShouldBeEmpty();
        output.ToString().Split('\n').Where(line => line.Length > 80 && !line.Contains("://", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task PostAsync_Terminal_DrawsAPanelWithColoursAndTheForeignTextAsItIs()
    {
        var output = new StringWriter { NewLine = "\n" };
        var board = new ConsoleMessageBoard(Terminal(output, ansi: true));
        var open = Snapshots.PriceScraper();
        var incident = open with { Analysis = open.Analysis! with { Diagnosis = open.Analysis.Diagnosis with { Cause = "[red]not markup[/] \u001b[2Jgone \u001b]0;title\u0007end" } } };

        await board.PostAsync(incident, _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        var text = output.ToString();
        text.ShouldContain("╭");
        text.ShouldContain("\u001b[");
        text.ShouldContain("[red]not markup[/] gone end");
        text.ShouldNotContain("\u001b[2J");
        text.ShouldNotContain("title");
    }

    [Fact]
    public async Task UpdateAsync_PostedBefore_PrintsTheCardAgainAndSaysSo()
    {
        var output = new StringWriter { NewLine = "\n" };
        var board = new ConsoleMessageBoard(Terminal(output, ansi: false));
        var posted = await board.PostAsync(Snapshots.PriceScraper(), _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        output.GetStringBuilder().Clear();

        var result = await board.UpdateAsync(posted, Snapshots.Resolved(), TestContext.Current.CancellationToken);

        result.ShouldBe(UpdateResult.Updated);
        output.ToString().ShouldContain("Update of incident 0198c0de-0000-7000-8000-000000000001");
        output.ToString().ShouldContain("resolved after 1 h 12 min");
    }

    public static TheoryData<string> Names() => [.. Snapshots.All.Keys];

    private static IAnsiConsole Terminal(StringWriter output, bool ansi)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
