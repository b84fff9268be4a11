using AlertResponder.Contracts;

namespace AlertResponder.Gateway.Intake;

/// <summary>Takes responsibility for clicks, each once: what it accepts survives a crash of this process.</summary>
internal interface IClickIntake
{
    /// <param name="id">The same for the same click.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the click was accepted before; nothing is published then.</returns>
    Task<bool> AcceptAsync(Guid id, RemediationRequested request, CancellationToken cancellationToken);
}
