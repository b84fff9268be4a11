using System.Globalization;
using Spectre.Console;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>The results as a table with totals.</summary>
internal static class Scoreboard
{
    // Redirected, nobody's window limits it: a line a scenario, for grep.
    private const int RedirectedWidth = 400;

    public static void Write(IAnsiConsole console, IReadOnlyList<ScenarioResult> results, string label, TimeSpan elapsed)
    {
        if (!console.Profile.Capabilities.Ansi)
            console.Profile.Width = RedirectedWidth;
        var table = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.None };
        foreach (var column in new[] { "Scenario", "", "Missing", "Forbidden mentions", "Actions", "Tokens", "Cost", "ms" })
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = !console.Profile.Capabilities.Ansi });
        foreach (var result in results)
        {
            table.AddRow(
                new Text(result.Name),
                new Text(result.Passed ? "pass" : "FAIL", new Style(result.Passed ? Color.Green : Color.Red)),
                new Text(result.Error ?? string.Join("; ", result.Missing)),
                new Text(string.Join("; ", result.Forbidden)),
                new Text(string.Join(' ', result.Actions.Select(action => result.ForbiddenActions.Contains(action) ? $"!{action}" : action))),
                new Text(Number(result.Tokens)),
                new Text(Cost(result.CostUsd)),
                new Text(Number(result.Milliseconds)));
        }

        console.Write(table);
        foreach (var result in results)
        {
            foreach (var warning in result.Warnings)
                Line(console, $"{result.Name}: {warning}");
        }

        var passed = results.Count(result => result.Passed);
        Line(console, string.Create(
            CultureInfo.InvariantCulture,
            $"{label}: {passed} of {results.Count} pass, {results.Sum(result => result.Missing.Count)} missing, {results.Sum(result => result.Forbidden.Count)} forbidden mentions, {results.Sum(result => result.ForbiddenActions.Count)} forbidden actions, {results.Sum(result => result.Tokens)} tokens, ${Cost(results.Sum(result => result.CostUsd))}, {elapsed.TotalSeconds:0.0} s"));
    }

    public static void WriteCard(IAnsiConsole console, ScenarioResult result)
    {
        Line(console, $"--- {result.Name}: {(result.Passed ? "pass" : "FAIL")}");
        Line(console, result.Error ?? result.Card);
        Line(console, $"Actions: {(result.Actions.Count == 0 ? "none" : string.Join(", ", result.Actions))}");
    }

    // Past Spectre's layout, which breaks lines.
    private static void Line(IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Cost(decimal usd) => usd == 0 ? "0" : usd.ToString("0.000000", CultureInfo.InvariantCulture);
}
