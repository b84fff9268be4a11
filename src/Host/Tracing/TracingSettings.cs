using System.Globalization;

namespace AlertResponder.Host.Tracing;

/// <summary>The variables of OpenTelemetry's standard that say whether and where traces go. The exporter reads the rest of them itself.</summary>
internal static class TracingSettings
{
    private const string Exporter = "OTEL_TRACES_EXPORTER";
    private const string Otlp = "otlp";
    private const string Sampler = "OTEL_TRACES_SAMPLER";
    private const string SamplerArgument = "OTEL_TRACES_SAMPLER_ARG";

    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    private static readonly string[] ProtocolSettings = ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"];
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];
    private static readonly string[] Samplers =
        ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

    /// <summary>Whether traces are exported: where an endpoint is named, or the exporter asked for, which then goes to this machine.</summary>
    public static bool IsOn(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (Text(configuration, Exporter) is { } exporter ? exporter == Otlp : Endpoints.Any(name => Text(configuration, name) is not null));

    /// <summary>What would be passed over in silence otherwise.</summary>
    public static IEnumerable<string> Errors(IConfiguration configuration)
    {
        if (Text(configuration, Exporter) is { } exporter and not (Otlp or "none"))
        {
            yield return $"{Exporter} is \"{exporter}\": traces are exported by otlp, or not at all (none).";
        }

        if (!IsOn(configuration))
        {
            yield break;
        }

        foreach (var name in Endpoints)
        {
            if (Text(configuration, name) is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                yield return $"{name} is no http address: set it to http://host:4317 (grpc) or http://host:4318 (http/protobuf).";
            }
        }

        foreach (var name in ProtocolSettings)
        {
            if (Text(configuration, name) is { } protocol && !Protocols.Contains(protocol, StringComparer.Ordinal))
            {
                yield return $"{name} is \"{protocol}\": it must be {string.Join(" or ", Protocols)}.";
            }
        }

        if (Text(configuration, Sampler) is not { } sampler)
        {
            yield break;
        }

        if (!Samplers.Contains(sampler, StringComparer.Ordinal))
        {
            yield return $"{Sampler} is \"{sampler}\": it must be one of {string.Join(", ", Samplers)}.";
        }
        else if (sampler.EndsWith("traceidratio", StringComparison.Ordinal) && Text(configuration, SamplerArgument) is { } ratio
            && !(double.TryParse(ratio, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1))
        {
            yield return $"{SamplerArgument} is \"{ratio}\": it must be between 0 and 1.";
        }
    }

    // The standard takes an empty one for one that is not set.
    private static string? Text(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;
}
