using System.Collections.Concurrent;
using System.Diagnostics;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Tracing;

/// <summary>Listens for our own spans: all of this process, so a test asks for those of a trace that it has begun.</summary>
internal sealed class HeardSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> ended = [];
    private readonly ActivityListener listener;

    public HeardSpans()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Begins a trace, by a span that is under way until it is disposed.</summary>
    public static Activity Begin() => Traces.Begin("test") ?? throw new InvalidOperationException("Nobody listens.");

    /// <summary>The ended spans of that name in a trace.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace, string name) => [.. ended.Where(span => span.TraceId == trace && span.OperationName == name)];

    public void Dispose() => listener.Dispose();
}
