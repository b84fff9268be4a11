using AlertResponder.Contracts;

namespace AlertResponder.Gateway.Intake;

/// <summary>Takes responsibility for alerts: what it accepts survives a crash of this process.</summary>
internal interface IAlertIntake
{
    /// <param name="alerts">In the order in which they are to be dealt with.</param>
    /// <param name="cancellationToken">Gives up; the first of them may be safe by then.</param>
    /// <exception cref="AlertsNotSafeException">At least one alert is not safe; none may be called accepted. Sent again, they are taken once.</exception>
    Task AcceptAsync(IReadOnlyList<AlertReceived> alerts, CancellationToken cancellationToken);
}
