using AlertResponder.Contracts;

namespace AlertResponder.Remediation;

/// <summary>A message to publish, with the id that its meaning gives it.</summary>
internal sealed record Emission(Guid Id, object Message)
{
    public static Emission Of(RemediationCompleted completed, Guid recordId) => new(MessageIds.For(nameof(RemediationCompleted), recordId), completed);

    /// <param name="incidentId">The incident.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="version">Which is to be drawn.</param>
    public static Emission Redraw(Guid incidentId, int revision, int version) => new(
        MessageIds.For(incidentId, nameof(IncidentChanged), version), new IncidentChanged(incidentId, revision, IncidentChange.Remediated));
}
