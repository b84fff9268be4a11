using System.Diagnostics;

namespace AlertResponder.Contracts;

/// <summary>
/// One trace over what no call crosses: a row of the store, a wait in memory. The row keeps the span that wrote it, as a W3C
/// traceparent, and whoever carries on from the row does so as that span's child. While nobody listens nothing of this makes a span
/// or a text.
/// </summary>
public static class Traces
{
    /// <summary>The source of our own spans, beside those of the libraries.</summary>
    public const string SourceName = "AlertResponder";

    /// <summary>The attribute that all spans about an incident have.</summary>
    public const string IncidentId = "alert_responder.incident.id";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// The span under way, for a row; null where nobody traces. One that is not sampled too, or whoever carries on would
    /// toss the coin again, and export a trace without its beginning.
    /// </summary>
    public static string? Current => Source.HasListeners() ? Activity.Current?.Id : null;

    /// <summary>A span with which a trace begins, of what has come in by a way that no library traces.</summary>
    public static Activity? Begin(string name)
    {
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Server);
    }

    /// <summary>A span that carries on what a row or a wait has kept.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="traceparent">The span that it carries on; null where there was none, so that a trace begins here.</param>
    /// <param name="incidentId">What it is about.</param>
    /// <param name="begun">When it began, if that was before now.</param>
    public static Activity? Continue(string name, string? traceparent, Guid? incidentId = null, DateTimeOffset begun = default)
    {
        var activity = Source.StartActivity(name, ActivityKind.Internal, Read(traceparent), startTime: begun);
        if (incidentId is { } id)
        {
            activity.About(id);
        }

        return activity;
    }

    /// <summary>Says of the span under way that it has to do with another trace's; of its own trace's that goes without saying.</summary>
    public static void Link(string? traceparent)
    {
        if (Activity.Current is { IsAllDataRequested: true } current && Read(traceparent) is var other && other.TraceId != default && other.TraceId != current.TraceId)
        {
            current.AddLink(new ActivityLink(other));
        }
    }

    /// <summary>Says which incident the span is about.</summary>
    public static void About(this Activity? activity, Guid incidentId)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(IncidentId, incidentId.ToString());
        }
    }

    private static ActivityContext Read(string? traceparent) =>
        ActivityContext.TryParse(traceparent, traceState: null, isRemote: true, out var context) ? context : default;
}
