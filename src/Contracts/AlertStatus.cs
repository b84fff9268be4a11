namespace AlertResponder.Contracts;

/// <summary>What Alertmanager says about an alert.</summary>
public enum AlertStatus
{
    Firing,
    Resolved,
}
