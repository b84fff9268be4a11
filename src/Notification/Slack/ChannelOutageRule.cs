using AlertResponder.Incidents;

namespace AlertResponder.Notification.Slack;

/// <summary>Decides what this process and the store have to tell each other of a channel. Pure.</summary>
internal static class ChannelOutageRule
{
    /// <summary>What this process was refused is news for the others.</summary>
    public static bool IsNew(ChannelTrouble trouble, ChannelOutage? outage) =>
        outage is null
        || trouble.RefusedAt > outage.EndedAt
        || (outage.EndedAt is null && SlackRefusals.IsOfTheToken(outage.Error) && !SlackRefusals.IsOfTheToken(trouble.Error));

    /// <summary>Another process has posted there since.</summary>
    public static bool IsOver(ChannelTrouble trouble, ChannelOutage? outage) => trouble.RefusedAt <= outage?.EndedAt;

    /// <summary>What another process was refused holds for this one. A token may be that one's alone, while the processes are given a new one.</summary>
    public static bool IsShared(ChannelOutage? outage) => outage is { EndedAt: null } && !SlackRefusals.IsOfTheToken(outage.Error);
}
