using AlertResponder.Tests.EndToEnd.Servers;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The files by which people run this: <c>docker-compose.yml</c> and <c>deploy/</c>, as they stand.</summary>
internal static class Deployment
{
    /// <summary>The bearer token of a gateway behind <see cref="AlertmanagerPostingTo"/>.</summary>
    public const string WebhookToken = "token-of-the-end-to-end-tests";

    private const string Receiver = "http://alert-responder.example:8080/webhooks/alertmanager";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "deployment");

    /// <summary><c>deploy/alertmanager/alertmanager.yml</c> with another address, and the token's file that it names.</summary>
    public static IReadOnlyDictionary<string, string> AlertmanagerPostingTo(PipelineProcess gateway)
    {
        var yaml = File.ReadAllText(Path.Combine(Folder, "deploy/alertmanager/alertmanager.yml"));
        yaml.ShouldContain(Receiver);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["alertmanager.yml"] = yaml.Replace(Receiver, new Uri(gateway.Url, "webhooks/alertmanager").AbsoluteUri, StringComparison.Ordinal),
            ["alert-responder-token"] = WebhookToken,
        };
    }
}
