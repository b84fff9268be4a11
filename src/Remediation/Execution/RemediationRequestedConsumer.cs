using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Remediation;

/// <summary>RemediationRequested → RemediationCompleted.</summary>
internal sealed class RemediationRequestedConsumer(RemediationDesk desk) : IConsumer<RemediationRequested>
{
    public async Task Consume(ConsumeContext<RemediationRequested> context)
    {
        if (await desk.AnswerAsync(context.Message, context.CancellationToken) is { } completed)
        {
            var id = MessageIds.For(nameof(RemediationCompleted), RemediationDesk.RequestId(context.Message));
            await context.Publish(completed, publish => publish.MessageId = id, context.CancellationToken);
        }
    }
}
