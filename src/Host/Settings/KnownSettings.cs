using System.ComponentModel;
using AlertResponder.Analysis;
using AlertResponder.Enrichment;
using AlertResponder.Gateway;
using AlertResponder.Incidents;
using AlertResponder.Notification.Slack;
using AlertResponder.Remediation;
using AlertResponder.Remediation.Silences;

namespace AlertResponder.Host.Settings;

/// <summary>The settings there are, so that a misspelt one is reported instead of ignored, and a value of the wrong type named.</summary>
internal static class KnownSettings
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, Type>> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Gateway"] = Of(typeof(GatewayOptions)),
        ["Slack"] = Of(typeof(SlackOptions)),
        ["Enrichment"] = Of(typeof(EnrichmentOptions)),
        ["Analysis"] = Of(typeof(AnalysisOptions)),
        ["Bedrock"] = Of(typeof(BedrockOptions)),
        ["Incidents"] = Of(typeof(IncidentsOptions)),
        ["Remediation"] = Of(typeof(RemediationOptions)),
        ["Alertmanager"] = Of(typeof(AlertmanagerOptions)),
        ["Page"] = Texts("Token"),
        ["ConnectionStrings"] = Texts("RabbitMq", "Incidents"),
    };

    /// <summary>An error for each setting in our sections that does not exist.</summary>
    public static IEnumerable<string> Unknown(IConfiguration configuration) =>
        from section in Sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        where !section.Value.ContainsKey(setting.Key)
        select $"{section.Key}:{setting.Key} is no setting: {section.Key} has {string.Join(", ", section.Value.Keys)}.";

    /// <summary>An error for each value that is not of its setting's type.</summary>
    public static IEnumerable<string> Mistyped(IConfiguration configuration) =>
        from section in Sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        where setting.Value is not null && section.Value.TryGetValue(setting.Key, out var type) && !Fits(setting.Value, type)
        select $"{section.Key}:{setting.Key} is \"{setting.Value}\": give it {Wanted(section.Value[setting.Key])}.";

    // Lists are bound from children of their own (Name:0), and texts take everything.
    private static bool Fits(string value, Type type) => !type.IsValueType || TypeDescriptor.GetConverter(type).IsValid(value);

    private static string Wanted(Type type) => type == typeof(bool) ? "true or false" : type == typeof(int) ? "a whole number" : "a number";

    private static Dictionary<string, Type> Of(Type options) => options.GetProperties()
        .Where(property => property.CanWrite || property.PropertyType != typeof(bool))
        .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, Type> Texts(params string[] names) =>
        names.ToDictionary(name => name, _ => typeof(string), StringComparer.OrdinalIgnoreCase);
}
