using AlertResponder.Contracts;
using AlertResponder.Remediation.Actions;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Remediation.Proposals;

/// <summary>Previews suggested actions, and leaves out those that would not be possible.</summary>
internal sealed partial class Preparer(ActionTools tools, ILogger<Preparer> logger)
{
    /// <returns>The draft; null when it is not offered.</returns>
    public async Task<Draft?> PrepareAsync(Situation situation, CancellationToken cancellationToken)
    {
        var suggested = situation.Action;
        var action = ActionCatalogue.Find(suggested.Kind)!;
        foreach (var permission in action.Permissions(suggested.Target.Kind))
        {
            if (!await tools.Cluster.MayAsync(permission, suggested.Target, cancellationToken))
            {
                Log.NotOffered(logger, suggested.Kind, suggested.Target, $"the service account may not {permission}");
                return null;
            }
        }

        var preparation = await action.PrepareAsync(situation, tools, cancellationToken);
        if (preparation.Refusal is { } refusal)
        {
            Log.NotOffered(logger, suggested.Kind, suggested.Target, refusal);
        }

        return preparation.Draft;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Action} on {Target} is not offered: {Reason}")]
        public static partial void NotOffered(ILogger logger, string action, ObjectReference target, string reason);
    }
}
