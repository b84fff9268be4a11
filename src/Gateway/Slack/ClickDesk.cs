using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Gateway.Slack;

/// <summary>Takes clicks, whichever way they came: checks that they are on a message of ours, adds who the person is, makes them safe.</summary>
/// <param name="store">Knows whose the proposals are.</param>
/// <param name="intake">Makes them safe.</param>
/// <param name="slack">Who we are and what groups people are in; without a bot token nobody can be asked.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what was refused.</param>
internal sealed partial class ClickDesk(IncidentsContext store, IClickIntake intake, SlackDirectory slack, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<ClickDesk> logger)
{
    // Slack waits three seconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <param name="click">The click.</param>
    /// <param name="way">How it came: <c>slack</c> or <c>socket-mode</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClickNotSafeException">Nothing will come of the click; the person must be told.</exception>
    public async Task<ClickResult> TakeAsync(Click click, string way, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var result = await DecideAsync(click, way, either.Token);
            Log.Taken(logger, click.Verb, click.ProposalId, click.User, click.Channel, way, result);
            GatewayMetrics.Clicked(way, result.ToString());
            return result;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            GatewayMetrics.Clicked(way, GatewayMetrics.NotSafe);
            throw new ClickNotSafeException($"Click {click.Id} was not made safe within {Deadline.TotalSeconds} s.", e);
        }
    }

    private async Task<ClickResult> DecideAsync(Click click, string way, CancellationToken cancellationToken)
    {
        if (!await slack.IsOursAsync(click.Team, click.Author, cancellationToken))
        {
            return ClickResult.Foreign;
        }

        // Which incident a proposal is of is not for the client to say. Where the proposal is gone, the message's own metadata
        // names the incident, so that the person can be told.
        var incidentId = await store.Proposals.Where(proposal => proposal.Id == click.ProposalId).Select(proposal => (Guid?)proposal.IncidentId)
                .SingleOrDefaultAsync(cancellationToken)
            ?? await store.Incidents.Where(incident => incident.Id == click.IncidentId).Select(incident => (Guid?)incident.Id)
                .SingleOrDefaultAsync(cancellationToken);
        if (incidentId is null)
        {
            return ClickResult.Unknown;
        }

        using var scope = logger.BeginIncident(incidentId.Value);
        var request = new RemediationRequested(
            incidentId.Value,
            click.ProposalId,
            click.Verb,
            click.User,
            time.GetUtcNow().InMicroseconds(),
            way,
            click.Channel,
            await slack.GroupsOfAsync(click.User, cancellationToken),
            click.Id);
        return await intake.AcceptAsync(click.Id, request, cancellationToken) ? ClickResult.Accepted : ClickResult.Repeated;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Verb} of proposal {ProposalId}, clicked by {Person} in {Channel} ({Way}): {Result}")]
        public static partial void Taken(ILogger logger, RemediationVerb verb, Guid proposalId, string person, string channel, string way, ClickResult result);
    }
}
