using System.Globalization;
using System.Text;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>An Alertmanager configuration with one webhook receiver, impatient enough for tests.</summary>
/// <param name="Webhook">Where notifications are posted; resolved alerts too.</param>
public sealed record AlertmanagerConfig(Uri Webhook)
{
    /// <summary>The bearer token that the webhook demands; none when null.</summary>
    public string? BearerToken { get; init; }

    /// <summary>The labels alerts are grouped by.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = ["namespace"];

    /// <summary>How long a new group waits for more alerts.</summary>
    public TimeSpan GroupWait { get; init; } = TimeSpan.Zero;

    /// <summary>How long before a changed group is posted again; Alertmanager refuses zero.</summary>
    public TimeSpan GroupInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long before an unchanged group is posted again.</summary>
    public TimeSpan RepeatInterval { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The configuration file's text.</summary>
    public string ToYaml()
    {
        var yaml = new StringBuilder();
        yaml.AppendLine(CultureInfo.InvariantCulture, $"""
            route:
              receiver: webhook
              group_by: [{string.Join(", ", GroupBy.Select(Quoted))}]
              group_wait: {Milliseconds(GroupWait)}
              group_interval: {Milliseconds(GroupInterval)}
              repeat_interval: {Milliseconds(RepeatInterval)}
            receivers:
              - name: webhook
                webhook_configs:
                  - url: {Quoted(Webhook.AbsoluteUri)}
                    send_resolved: true
            """);
        if (BearerToken is not null)
        {
            yaml.AppendLine(CultureInfo.InvariantCulture, $"""
                        http_config:
                          authorization:
                            credentials: {Quoted(BearerToken)}
                """);
        }

        return yaml.ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}
