using System.Collections.Concurrent;
using AlertResponder.Tests.Unit.Time;
using AlertResponder.Contracts;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>The in-memory bus with one consumer, the test.</summary>
internal sealed class RecordingBus : IAsyncDisposable
{
    private readonly ConcurrentQueue<Delivery> deliveries = new();

    private RecordingBus(Func<Delivery, Task> consume) => Bus = MassTransit.Bus.Factory.CreateUsingInMemory(bus => bus.ReceiveEndpoint("test", endpoint =>
    {
        endpoint.Handler<AlertReceived>(context => ConsumeAsync(context, consume));
        endpoint.Handler<ContextEnriched>(context => ConsumeAsync(context, consume));
        endpoint.Handler<IncidentChanged>(context => ConsumeAsync(context, consume));
        endpoint.Handler<RemediationRequested>(context => ConsumeAsync(context, consume));
        endpoint.Handler<RemediationCompleted>(context => ConsumeAsync(context, consume));
    }));

    public IBusControl Bus { get; }

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<Delivery> Deliveries => [.. deliveries];

    /// <param name="consume">Called after a delivery was recorded; may fail.</param>
    public static async Task<RecordingBus> StartAsync(Func<Delivery, Task>? consume = null)
    {
        var recorder = new RecordingBus(consume ?? (_ => Task.CompletedTask));
        await recorder.Bus.StartAsync(TestContext.Current.CancellationToken);
        return recorder;
    }

    public Task ReceivedAsync(int count) => Eventually.TrueAsync(() => deliveries.Count >= count, $"{count} messages on the bus");

    public async ValueTask DisposeAsync() => await Bus.StopAsync(CancellationToken.None);

    private Task ConsumeAsync<T>(ConsumeContext<T> context, Func<Delivery, Task> consume)
        where T : class
    {
        var delivery = new Delivery(context.MessageId, context.Message);
        deliveries.Enqueue(delivery);
        return consume(delivery);
    }

    internal sealed record Delivery(Guid? Id, object Message);
}

/// <summary>An application that has started, or has yet to.</summary>
internal sealed class Lifetime : IHostApplicationLifetime, IDisposable
{
    private readonly CancellationTokenSource started = new();

    public CancellationToken ApplicationStarted => started.Token;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void Start() => started.Cancel();

    public void StopApplication() => throw new NotSupportedException();

    public void Dispose() => started.Dispose();
}
