namespace AlertResponder.Incidents;

/// <summary>When people are told of refusals. Pure.</summary>
public static class RefusalRule
{
    /// <summary>Of one sender and reason people are told once in this time at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>What is sent again anyway is told once it has gone on for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(10);

    /// <summary>Counts some more.</summary>
    public static void Add(WebhookRefusal refusal, string detail, long count, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(refusal);

        // What was over long ago is no part of the trouble that begins now.
        if (refusal.Untold == 0 || (refusal.Reason == RefusalReason.NotSafe && now - refusal.LastAt > Apart))
        {
            refusal.FirstAt = now;
            refusal.Untold = 0;
        }

        refusal.Detail = detail;
        refusal.Count += count;
        refusal.Untold += count;
        refusal.LastAt = now;
    }

    /// <summary>Whether people should be told now.</summary>
    public static bool IsDue(WebhookRefusal refusal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Untold > 0
            && (refusal.ToldAt is not { } toldAt || now - toldAt >= Interval)
            && (refusal.TellClaimedUntil is not { } claimedUntil || now >= claimedUntil)
            && (refusal.Reason != RefusalReason.NotSafe || refusal.LastAt - refusal.FirstAt >= Patience);
    }
}
