using System.Diagnostics;
using AlertResponder.Contracts;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Incidents;

/// <summary>The incident's id in every log line about it, and on the span under way.</summary>
public static class IncidentLogScope
{
    private static readonly Func<ILogger, Guid, IDisposable?> Scope = LoggerMessage.DefineScope<Guid>("incident {IncidentId}");

    /// <summary>Until it is disposed, this flow's log lines carry the incident's id.</summary>
    public static IDisposable? BeginIncident(this ILogger logger, Guid incidentId)
    {
        Activity.Current.About(incidentId);
        return Scope(logger, incidentId);
    }
}
