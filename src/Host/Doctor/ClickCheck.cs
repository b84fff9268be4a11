using AlertResponder.Connections.Slack;
using AlertResponder.Host.Commands;
using SlackNet;

namespace AlertResponder.Host.Doctor;

/// <summary>Which ways clicks come in, and whether Slack takes the app token. No connection is opened.</summary>
internal static class ClickCheck
{
    private const string Subject = "clicks";

    public static Check Of(SlackOptions options) => new(
        Subject,
        "See that Slack:ApiUrl (https://slack.com/api/) can be reached from here",
        cancellationToken => ExamineAsync(options, cancellationToken));

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(SlackOptions options, CancellationToken cancellationToken) =>
        (options.SigningSecret, options.AppToken) switch
        {
            (null or "", null or "") when !options.Enabled => [],
            (null or "", null or "") => [Finding.Note(Subject, "Neither Slack:AppToken (Socket Mode) nor Slack:SigningSecret (callbacks) is set: nobody can click.")],
            (_, null or "") => [Callbacks],
            (null or "", _) => [await SocketModeAsync(options, cancellationToken)],
            _ => [Callbacks, await SocketModeAsync(options, cancellationToken)],
        };

    private static Finding Callbacks => Finding.Ok(Subject, "callbacks are taken at /slack/interactions, which Slack must be able to reach");

    private static async Task<Finding> SocketModeAsync(SlackOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await SlackApi.Create(options).WithAccessToken(options.AppToken).AppsConnectionsApi.Open(cancellationToken);
            return Finding.Ok(Subject, "Slack takes the app token: clicks come through Socket Mode");
        }
        catch (SlackException e)
        {
            return Finding.Fail(Subject, $"Slack refuses the app token ({ForeignLine.Of(e.ErrorCode)})", e.ErrorCode switch
            {
                "missing_scope" or "not_allowed_token_type" =>
                    "Set Slack:AppToken to an app-level token (xapp-...) with the scope connections:write, of Basic Information in the app's settings",
                "socket_mode_not_enabled" or "socket_mode_disabled" => "Turn Socket Mode on in the app's settings, or remove Slack:AppToken",
                _ => "Make an app-level token with the scope connections:write under Basic Information in the app's settings, and set Slack:AppToken to it",
            });
        }
        catch (SlackRateLimitException)
        {
            return Finding.Fail(Subject, "Slack answers that there were too many calls (429)", "Try again in a minute");
        }
    }
}
