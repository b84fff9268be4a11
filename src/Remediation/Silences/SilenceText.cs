using System.Globalization;
using AlertResponder.Incidents;

namespace AlertResponder.Remediation.Silences;

/// <summary>What is written about silences.</summary>
internal static class SilenceText
{
    /// <summary>By which the proposal's silence is known.</summary>
    public static string Mark(Guid proposalId) => $"proposal {proposalId:D}";

    /// <summary>For those who find the silence in Alertmanager.</summary>
    public static string Comment(Proposal proposal) => $"Alert Responder, {Mark(proposal.Id)}: requested by {proposal.RequestedBy}";

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
