using Microsoft.Extensions.Logging;

namespace AlertResponder.Incidents;

/// <summary>The incident's id in every log line about it.</summary>
public static class IncidentLogScope
{
    private static readonly Func<ILogger, Guid, IDisposable?> Scope = LoggerMessage.DefineScope<Guid>("incident {IncidentId}");

    /// <summary>Until it is disposed, this flow's log lines carry the incident's id.</summary>
    public static IDisposable? BeginIncident(this ILogger logger, Guid incidentId) => Scope(logger, incidentId);
}
