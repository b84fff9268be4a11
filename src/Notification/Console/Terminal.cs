using Spectre.Console;

namespace AlertResponder.Notification.Console;

/// <summary>The process' standard output.</summary>
public static class Terminal
{
    private const int RedirectedWidth = 100;

    /// <summary>With colours where a person looks at it, plain where it goes to a file or a pipe.</summary>
    public static IAnsiConsole Create()
    {
        if (!System.Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = RedirectedWidth;
        return console;
    }
}
