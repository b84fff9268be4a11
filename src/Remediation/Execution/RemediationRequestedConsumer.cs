using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Remediation.Execution;

/// <summary>RemediationRequested → RemediationCompleted, and IncidentChanged where only the message changes.</summary>
internal sealed class RemediationRequestedConsumer(RemediationDesk desk) : IConsumer<RemediationRequested>
{
    public async Task Consume(ConsumeContext<RemediationRequested> context)
    {
        foreach (var emission in await desk.AnswerAsync(context.Message, context.CancellationToken))
        {
            await context.Publish(emission.Message, publish => publish.MessageId = emission.Id, context.CancellationToken);
        }
    }
}
