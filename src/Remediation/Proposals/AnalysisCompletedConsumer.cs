using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Remediation.Proposals;

/// <summary>AnalysisCompleted → RemediationProposed.</summary>
internal sealed class AnalysisCompletedConsumer(ProposalDesk desk) : IConsumer<AnalysisCompleted>
{
    public async Task Consume(ConsumeContext<AnalysisCompleted> context)
    {
        if (await desk.ProposeAsync(context.Message.IncidentId, context.CancellationToken) is { } emission)
        {
            await context.Publish(emission.Message, publish => publish.MessageId = emission.Id, context.CancellationToken);
        }
    }
}
