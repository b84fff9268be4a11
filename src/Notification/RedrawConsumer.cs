using AlertResponder.Contracts;
using MassTransit;

namespace AlertResponder.Notification;

/// <summary>Whatever there is to tell about an incident → its living message.</summary>
internal sealed class RedrawConsumer(Redrawer redrawer, LateRedraws late, AnswerTeller teller, UntoldAnswers untold)
    : IConsumer<AnalysisCompleted>, IConsumer<RemediationProposed>, IConsumer<RemediationCompleted>, IConsumer<IncidentChanged>
{
    public Task Consume(ConsumeContext<AnalysisCompleted> context) => RedrawAsync(context.Message.IncidentId, TimeSpan.Zero, context.CancellationToken);

    public Task Consume(ConsumeContext<RemediationProposed> context) => RedrawAsync(context.Message.IncidentId, TimeSpan.Zero, context.CancellationToken);

    public async Task Consume(ConsumeContext<RemediationCompleted> context)
    {
        await RedrawAsync(context.Message.IncidentId, TimeSpan.Zero, context.CancellationToken);
        if (await teller.OweAsync(context.Message, context.CancellationToken))
            untold.Wake();
    }

    // Alerts join in flocks, and one redrawing shows them all.
    public Task Consume(ConsumeContext<IncidentChanged> context) => RedrawAsync(
        context.Message.IncidentId,
        context.Message.Change == IncidentChange.Joined ? LateRedraws.QuietTime : TimeSpan.Zero,
        context.CancellationToken);

    // What has to wait does so elsewhere: here it would keep whatever is more urgent waiting behind it.
    private async Task RedrawAsync(Guid incidentId, TimeSpan quietTime, CancellationToken cancellationToken)
    {
        if (await redrawer.TryRedrawAsync(incidentId, atOnce: quietTime == TimeSpan.Zero, cancellationToken) is { } lane)
            late.Add(incidentId, lane, lane == RedrawLane.Update ? quietTime : TimeSpan.Zero);
    }
}
