using AlertResponder.Host.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AlertResponder.Tests.Unit.Host.Logging;

/// <summary>The console's formatters as they are registered.</summary>
public sealed class ScrubbedConsoleTests
{
    // A colour, a window title, a line of its own, one that overwrites, and what turns the reading direction.
    private const string Hostile = "\u001b[31mred\u001b]0;title\u0007\nwarn: forged\r\noverwritten\rerased\u202egnirts\u2066\u200b\u2028\u0085\u009b2J\U000e0041\u007f\0\ud800";

    [Theory]
    [InlineData("simple")]
    [InlineData("systemd")]
    [InlineData("json")]
    public void Write_HostileMessageExceptionAndScope_HasNothingThatATerminalObeys(string formatter)
    {
        var failure = Record.Exception(() => Fail(new InvalidOperationException($"outer {Hostile}", new AggregateException($"inner {Hostile}", new FormatException(Hostile)))))!;

        var text = Written(formatter, $"Alert {Hostile} came", failure, Hostile);

        text.EnumerateRunes().Where(TerminalText.IsUnseen).ShouldAllBe(rune => rune.Value == '\n');
        foreach (var line in text.Split('\n'))
        {
            line.TrimStart().ShouldNotStartWith("warn: forged");
            line.TrimStart().ShouldNotStartWith("erased");
        }

        text.ShouldContain("forged", Case.Sensitive, "it is shown, and as what it is");
        text.ShouldContain(nameof(Write_HostileMessageExceptionAndScope_HasNothingThatATerminalObeys));
    }

    [Fact]
    public void Write_OrdinaryMessageAndException_IsAsItWas()
    {
        var failure = Record.Exception(() => Fail(new InvalidOperationException("größer als 5 €")))!;

        var text = Written("simple", "Alert «KubePodCrashLooping»\tcame 👍", failure, "incident 1");

        text.ShouldContain("Alert «KubePodCrashLooping»\tcame 👍");
        text.ShouldContain("System.InvalidOperationException: größer als 5 €");
        text.Split('\n').Count(line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal)).ShouldBeGreaterThan(0, "a stack trace keeps its lines");
        text.ShouldContain("=> incident 1");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\tb", "a\tb")]
    [InlineData("a\nb\rc", "a\\nb\\rc")]
    [InlineData("\u001b[0m", "\\u001B[0m")]
    [InlineData("a\u202eb", "a\\u202Eb")]
    [InlineData("\U000e0041", "\\U000E0041")]
    [InlineData("grün", "grün")]
    public void OneLine_Text_IsWrittenOut(string text, string expected) => TerminalText.OneLine(text).ShouldBe(expected);

    private static void Fail(Exception failure) => throw failure;

    private static string Written(string name, string message, Exception failure, string scope)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(options => options.IncludeScopes = true);
        builder.Services.Configure<ConsoleFormatterOptions>(options => options.IncludeScopes = true);
        builder.Services.Configure<JsonConsoleFormatterOptions>(options => options.IncludeScopes = true);
        builder.Logging.AddScrubbedConsole();
        using var provider = builder.Services.BuildServiceProvider();
        var formatter = provider.GetServices<ConsoleFormatter>().Single(one => one.Name == name);
        var scopes = new LoggerExternalScopeProvider();
        using var _ = scopes.Push(scope);
        using var writer = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Warning, "Category", 7, message, failure, (state, _) => state), scopes, writer);
        return writer.ToString();
    }
}
