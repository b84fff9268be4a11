using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Analysis;

/// <summary>ContextEnriched → AnalysisCompleted.</summary>
internal sealed class ContextEnrichedConsumer(AnalysisDesk desk) : IConsumer<ContextEnriched>
{
    public async Task Consume(ConsumeContext<ContextEnriched> context)
    {
        if (await desk.AnalyzeAsync(context.Message, context.CancellationToken) is { } completed)
        {
            var id = MessageIds.For(completed.IncidentId, nameof(AnalysisCompleted), completed.Revision, completed.AnalyzedAt.UtcTicks);
            await context.Publish(completed, publish => publish.MessageId = id, context.CancellationToken);
        }
    }
}
