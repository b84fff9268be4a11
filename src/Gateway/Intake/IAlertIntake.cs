using AlertResponder.Contracts;

namespace AlertResponder.Gateway.Intake;

/// <summary>Takes responsibility for alerts: what it accepts survives a crash of this process.</summary>
internal interface IAlertIntake
{
    /// <exception cref="AlertsNotSafeException">At least one alert is not safe; none may be called accepted.</exception>
    Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken);
}
