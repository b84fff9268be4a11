using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Enrichment;

/// <summary>AlertReceived → ContextEnriched, IncidentChanged.</summary>
internal sealed class AlertReceivedConsumer(Enricher enricher) : IConsumer<AlertReceived>
{
    public async Task Consume(ConsumeContext<AlertReceived> context)
    {
        foreach (var emission in await enricher.EnrichAsync(context.Message, context.CancellationToken))
        {
            await context.Publish(emission.Message, emission.Message.GetType(), publish => publish.MessageId = emission.Id, context.CancellationToken);
        }
    }
}
