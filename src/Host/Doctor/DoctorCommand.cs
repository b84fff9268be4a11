using AlertResponder.Host.Commands;
using AlertResponder.Host.Roles;
using AlertResponder.Host.Settings;
using AlertResponder.Notification.Console;
using Spectre.Console;

namespace AlertResponder.Host.Doctor;

/// <summary>Tries what is configured and prints a line about each: ok, a note, or what is wrong and how to mend it.</summary>
internal static class DoctorCommand
{
    private const string Settings = "settings";

    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="timeout">How long each thing may take to answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 when nothing must be mended.</returns>
    public static async Task<int> ExecuteAsync(string[] settings, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var console = Terminal.Create();
        var failures = 0;
        await foreach (var finding in ExamineAsync(() => Pipeline.Build(settings, builder => builder.Logging.ClearProviders()), timeout, cancellationToken))
        {
            Write(console, finding);
            failures += finding.State == FindingState.Fail ? 1 : 0;
        }

        console.WriteLine();
        console.WriteLine(failures switch { 0 => "All is well.", 1 => "1 thing is to be mended.", _ => $"{failures} things are to be mended." });
        return failures == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>All findings, in a fixed order; everything is looked at at the same time.</summary>
    /// <param name="build">Builds the application; it is not started.</param>
    /// <param name="timeout">How long each thing may take to answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async IAsyncEnumerable<Finding> ExamineAsync(
        Func<WebApplication> build, TimeSpan timeout, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (app, errors) = Build(build);
        foreach (var error in errors)
        {
            yield return new Finding(FindingState.Fail, Settings, error);
        }

        if (app is null)
        {
            yield return Finding.Note(Settings, "The rest is looked at once these are mended.");
            yield break;
        }

        await using (app)
        {
            yield return Finding.Ok(Settings, "nothing unknown, nothing wrong");
            var time = app.Services.GetRequiredService<TimeProvider>();
            var roles = RoleParser.Parse(app.Configuration["Roles"], out _);
            var examinations = Checks.Of(app.Services, roles).Select(check => check.RunAsync(timeout, time, cancellationToken)).ToList();
            foreach (var examination in examinations)
            {
                foreach (var finding in await examination)
                {
                    yield return finding;
                }
            }
        }
    }

    private static (WebApplication? App, IReadOnlyList<string> Errors) Build(Func<WebApplication> build)
    {
        try
        {
            return (build(), []);
        }
        catch (SettingsException e)
        {
            return (null, e.Errors);
        }
    }

    // A line each where it goes to a file or a pipe; a terminal breaks them, indented.
    private static void Write(IAnsiConsole console, Finding finding)
    {
        var state = finding.State switch { FindingState.Ok => "ok", FindingState.Note => "note", _ => "fail" };
        if (!console.Profile.Capabilities.Ansi)
        {
            console.Profile.Out.Writer.WriteLine($"{state,-6}{finding.Subject,-14}{finding.Text}");
            return;
        }

        var colour = finding.State switch { FindingState.Ok => Color.Green, FindingState.Note => Color.Blue, _ => Color.Red };
        var grid = new Grid().AddColumn(new GridColumn().Width(4)).AddColumn(new GridColumn().Width(12)).AddColumn();
        console.Write(grid.AddRow(new Text(state, new Style(colour)), new Text(finding.Subject), new Text(finding.Text)));
    }
}
