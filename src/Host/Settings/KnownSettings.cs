using AlertResponder.Analysis;
using AlertResponder.Enrichment;
using AlertResponder.Gateway;
using AlertResponder.Notification.Slack;
using AlertResponder.Remediation;

namespace AlertResponder.Host.Settings;

/// <summary>The settings there are, so that a misspelt one is reported instead of ignored.</summary>
internal static class KnownSettings
{
    private static readonly Dictionary<string, string[]> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Gateway"] = Names(typeof(GatewayOptions)),
        ["Slack"] = Names(typeof(SlackOptions)),
        ["Enrichment"] = Names(typeof(EnrichmentOptions)),
        ["Analysis"] = Names(typeof(AnalysisOptions)),
        ["Bedrock"] = Names(typeof(BedrockOptions)),
        ["Remediation"] = Names(typeof(RemediationOptions)),
        ["Alertmanager"] = ["Url"],
        ["Page"] = ["Token"],
        ["ConnectionStrings"] = ["RabbitMq", "Incidents"],
    };

    /// <summary>An error for each setting in our sections that does not exist.</summary>
    public static IEnumerable<string> Unknown(IConfiguration configuration) =>
        from section in Sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        where !section.Value.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
        select $"{section.Key}:{setting.Key} is no setting: {section.Key} has {string.Join(", ", section.Value)}.";

    private static string[] Names(Type options) =>
        [.. options.GetProperties().Where(property => property.CanWrite || property.PropertyType != typeof(bool)).Select(property => property.Name)];
}
