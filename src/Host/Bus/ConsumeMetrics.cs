using System.Diagnostics.Metrics;
using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Host.Bus;

/// <summary>Messages by stage. MassTransit's own instruments count in milliseconds and under names that Prometheus' rules refuse.</summary>
internal sealed class ConsumeMetrics : IReceiveObserver
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "alert_responder.message.duration",
        "s",
        "How long messages took a stage that handled them, without their waiting.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60] });

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "alert_responder.message.failures", description: "Failed tries of messages. After nine a message goes to the stage's error queue.");

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class
    {
        Duration.Record(duration.TotalSeconds, StageOf(context.ReceiveContext));
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        Failures.Add(1, StageOf(context.ReceiveContext));
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    // The stage's queue has its name.
    private static KeyValuePair<string, object?> StageOf(ReceiveContext context) => KeyValuePair.Create<string, object?>("stage", context.InputAddress.Segments[^1]);
}
