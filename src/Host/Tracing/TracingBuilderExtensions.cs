using System.Diagnostics;
using AlertResponder.Contracts;
using AlertResponder.Gateway;
using AlertResponder.Host.Roles;
using MassTransit.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AlertResponder.Host.Tracing;

/// <summary>Traces, exported as the standard's variables say. Without them nothing is registered: nobody listens, and no span is made.</summary>
internal static class TracingBuilderExtensions
{
    private const string Roles = "alert_responder.roles";

    // What an exception says may quote what nobody has redacted, and it is recorded as an event.
    private static readonly KeyValuePair<string, string?> NoEvents = new("OTEL_SPAN_EVENT_COUNT_LIMIT", "0");

    private static readonly string[] Doors = [GatewayPaths.Webhook, GatewayPaths.Interactions];

    /// <summary>After the metrics, whose resource it adds to.</summary>
    public static void AddTracing(this WebApplicationBuilder builder, Role roles)
    {
        if (!TracingSettings.IsOn(builder.Configuration))
        {
            return;
        }

        // ASP.NET Core has one of its own, and OpenTelemetry another.
        builder.Services.AddSingleton<DistributedContextPropagator, TraceparentOnly>();
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Configuration.AddInMemoryCollection([NoEvents]);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .ConfigureResource(resource => resource
                .AddAttributes([KeyValuePair.Create<string, object>(Roles, Named(roles))])
                .AddEnvironmentVariableDetector())
            .AddSource(Traces.SourceName, DiagnosticHeaders.DefaultListenerName)
            .AddAspNetCoreInstrumentation(options => options.Filter = context => IsDoor(context.Request.Path))
            .AddHttpClientInstrumentation()
            .AddNpgsql()
            .AddProcessor(new SpanRules())
            .AddOtlpExporter());
    }

    // Probes and scrapes come every few seconds, and a page that is open asks for as long as it is.
    private static bool IsDoor(PathString path) =>
        Doors.Any(door => path.StartsWithSegments(door, StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is null or "" or "/");

    private static string Named(Role roles) => string.Join(',', Enum.GetValues<Role>()
        .Where(role => role is not (Role.None or Role.All) && roles.HasFlag(role)).Select(role => role.ToString().ToLowerInvariant()));
}
