using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Notification;

/// <summary>Whatever there is to tell about an incident → its living message.</summary>
internal sealed class RedrawConsumer(Redrawer redrawer)
    : IConsumer<AnalysisCompleted>, IConsumer<RemediationProposed>, IConsumer<RemediationCompleted>, IConsumer<IncidentChanged>
{
    public Task Consume(ConsumeContext<AnalysisCompleted> context) => redrawer.RedrawAsync(context.Message.IncidentId, context.CancellationToken);

    public Task Consume(ConsumeContext<RemediationProposed> context) => redrawer.RedrawAsync(context.Message.IncidentId, context.CancellationToken);

    public Task Consume(ConsumeContext<RemediationCompleted> context) => redrawer.RedrawAsync(context.Message.IncidentId, context.CancellationToken);

    public Task Consume(ConsumeContext<IncidentChanged> context) => redrawer.RedrawAsync(context.Message.IncidentId, context.CancellationToken);
}
