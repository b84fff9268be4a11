using System.Diagnostics;

namespace AlertResponder.Host.Tracing;

/// <summary>
/// What is taken from callers: their span, not their state (<c>tracestate</c>) and baggage. These are foreign text, which would be handed on to the broker and to
/// everything that is called.
/// </summary>
internal sealed class TraceparentOnly : DistributedContextPropagator
{
    private readonly DistributedContextPropagator w3c = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => w3c.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => w3c.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        w3c.ExtractTraceIdAndState(carrier, getter, out traceId, out _);
        traceState = null;
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
