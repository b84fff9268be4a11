namespace AlertResponder.Notification;

/// <summary>Another worker is drawing the incident's message; try again in a moment.</summary>
internal sealed class RedrawBusyException(Guid incidentId) : Exception($"The message of incident {incidentId} is being drawn by another worker.");
