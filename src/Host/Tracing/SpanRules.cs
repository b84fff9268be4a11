using System.Diagnostics;
using AlertResponder.Contracts;
using MassTransit.Logging;
using OpenTelemetry;

namespace AlertResponder.Host.Tracing;

/// <summary>Which spans there are, and what may be on them. Goes before the exporter.</summary>
/// <remarks>
/// Attributes are let through by name: what a library thinks of next is not exported before somebody has looked at it. No span carries
/// events; of an exception its type stays.
/// </remarks>
internal sealed class SpanRules : BaseProcessor<Activity>
{
    private const string ErrorType = "error.type";
    private const string ExceptionType = "exception.type";

    // Of others there is nobody whose trace it would be: the store is asked every few seconds whether there is work.
    private static readonly HashSet<string> Beginning = new(StringComparer.Ordinal) { "Microsoft.AspNetCore", DiagnosticHeaders.DefaultListenerName, Traces.SourceName };

    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        Traces.IncidentId, ErrorType,
        "http.request.method", "http.response.status_code", "http.route", "http.request.resend_count", "url.scheme", "url.full",
        "server.address", "server.port", "network.protocol.version",
        "db.system.name", "db.namespace", "db.operation.name", "db.query.text", "db.response.status_code",
        DiagnosticHeaders.Messaging.System, DiagnosticHeaders.Messaging.Operation, DiagnosticHeaders.Messaging.DestinationName,
        DiagnosticHeaders.MessageId, DiagnosticHeaders.Messaging.ConversationId, DiagnosticHeaders.ConsumerType, DiagnosticHeaders.MessageTypes,
    };

    /// <summary>Nothing hangs on a span that is not exported, whatever the sampler, and only what comes in begins a trace.</summary>
    public override void OnStart(Activity data)
    {
        if (data.Parent is { Recorded: false } || (data.ParentSpanId == default && !Beginning.Contains(data.Source.Name)))
        {
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    public override void OnEnd(Activity data)
    {
        if (data.Status == ActivityStatusCode.Error)
        {
            // Without the exception's message.
            data.SetStatus(ActivityStatusCode.Error);
            if (data.GetTagItem(ErrorType) is null && TypeOfException(data) is { } type)
            {
                data.SetTag(ErrorType, type);
            }
        }

        List<string>? foreign = null;
        foreach (ref readonly var tag in data.EnumerateTagObjects())
        {
            if (!Allowed.Contains(tag.Key))
            {
                (foreign ??= []).Add(tag.Key);
            }
        }

        foreign?.ForEach(key => data.SetTag(key, null));
    }

    private static object? TypeOfException(Activity data)
    {
        foreach (ref readonly var happened in data.EnumerateEvents())
        {
            foreach (ref readonly var tag in happened.EnumerateTagObjects())
            {
                if (tag.Key == ExceptionType)
                {
                    return tag.Value;
                }
            }
        }

        return null;
    }
}
