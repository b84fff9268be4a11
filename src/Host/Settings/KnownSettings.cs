using System.ComponentModel;
using AlertResponder.Analysis;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Connections.Kubernetes;
using AlertResponder.Connections.Slack;
using AlertResponder.Enrichment;
using AlertResponder.Gateway;
using AlertResponder.Host.Callers;
using AlertResponder.Incidents;
using AlertResponder.Remediation;

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
        ["Kubernetes"] = Of(typeof(KubernetesOptions)),
        ["Alertmanager"] = Of(typeof(AlertmanagerOptions)),
        ["Http"] = Of(typeof(HttpOptions)),
        ["Page"] = Of(typeof(PageOptions)),
        ["ConnectionStrings"] = Texts("RabbitMq", "Incidents"),
    };

    /// <summary>An error for each setting in our sections that does not exist.</summary>
    public static IEnumerable<string> Unknown(IConfiguration configuration) =>
        from section in Sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        where !section.Value.ContainsKey(setting.Key)
        select $"{section.Key}:{setting.Key} is no setting: {section.Key} has {string.Join(", ", section.Value.Keys)}.";

    /// <summary>An error for each setting in an entry of a list that does not exist.</summary>
    public static IEnumerable<string> UnknownInEntries(IConfiguration configuration) =>
        from section in Sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        let item = section.Value.TryGetValue(setting.Key, out var type) ? ItemOf(type) : null
        where item is { IsClass: true } && item != typeof(string)
        from entry in setting.GetChildren()
        from field in entry.GetChildren()
        where !item.GetProperties().Any(property => string.Equals(property.Name, field.Key, StringComparison.OrdinalIgnoreCase))
        select $"{field.Path} is no setting: {entry.Path} has {string.Join(", ", item.GetProperties().Select(property => property.Name))}.";

    /// <summary>An error for each value that is not of its setting's type.</summary>
    public static IEnumerable<string> Mistyped(IConfiguration configuration) =>
        from section in Sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        where setting.Value is not null && section.Value.TryGetValue(setting.Key, out var type) && !Fits(setting.Value, type)
        select $"{section.Key}:{setting.Key} is \"{setting.Value}\": give it {Wanted(section.Key, setting.Key, section.Value[setting.Key])}.";

    // Lists are bound from children of their own (Name:0), and texts take everything.
    private static bool Fits(string value, Type type) =>
        ItemOf(type) is not null ? value.Length == 0 : !type.IsValueType || TypeDescriptor.GetConverter(type).IsValid(value);

    private static Type? ItemOf(Type? type) => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;

    private static string Wanted(string section, string setting, Type type) =>
        ItemOf(type) is not null ? $"entries of their own, {section}:{setting}:0 and so on (in the environment {section}__{setting}__0)" : Wanted(type);

    private static string Wanted(Type type) => type == typeof(bool) ? "true or false" : type == typeof(int) ? "a whole number" : "a number";

    private static Dictionary<string, Type> Of(Type options) => options.GetProperties()
        .Where(property => property.CanWrite || property.PropertyType != typeof(bool))
        .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, Type> Texts(params string[] names) =>
        names.ToDictionary(name => name, _ => typeof(string), StringComparer.OrdinalIgnoreCase);
}
