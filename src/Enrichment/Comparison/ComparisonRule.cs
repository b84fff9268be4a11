using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Correlation;
using AlertResponder.Incidents;
using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>Decides where we and Alertmanager differ, and who is right. Pure.</summary>
internal static class ComparisonRule
{
    /// <summary>Our resolved alerts are compared for so long.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(6);

    /// <summary>
    /// An alert that no webhook has told of by then is taken in: longer than the waits for a group (<c>group_interval</c>) are in most
    /// configurations, since within them Alertmanager is right not to have told.
    /// </summary>
    public static readonly TimeSpan UnknownAfter = TimeSpan.FromMinutes(10);

    // Two comparisons in a row, whichever process makes them, and a timer that is early.
    private const double PartOfInterval = 0.75;

    /// <param name="known">Our alerts that fire, or did within <see cref="Window"/>.</param>
    /// <param name="listedBefore">Of whose alerts this Alertmanager has had some.</param>
    /// <param name="listing">What it has.</param>
    /// <param name="askedAt">When it was asked.</param>
    /// <param name="interval">Between comparisons.</param>
    /// <param name="isIgnored">Which alerts open no incident.</param>
    /// <param name="words">What the labels say about the severity.</param>
    public static Differences Decide(
        IReadOnlyList<KnownAlert> known,
        IEnumerable<AlertOrigin> listedBefore,
        AlertListing listing,
        DateTimeOffset askedAt,
        TimeSpan interval,
        Func<Alert, bool> isIgnored,
        SeverityWords words)
    {
        var listed = listing.Alerts.Where(alert => alert.Fingerprint is not null)
            .GroupBy(alert => alert.Fingerprint, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

        // Whose alerts it has, of which a webhook may not have told.
        var origins = known.Where(alert => alert.ListedAt is not null || listed.ContainsKey(alert.Fingerprint)).Select(alert => alert.Origin)
            .Concat(listedBefore).ToHashSet();
        List<string> found = [];
        List<string> missing = [];
        List<KnownAlert> gone = [];
        var uncompared = 0;
        foreach (var alert in known.Where(alert => alert.Status == AlertStatus.Firing && alert.ReceivedAt < askedAt))
        {
            if (listed.ContainsKey(alert.Fingerprint))
            {
                // Of most that is known, and unchanged.
                if (alert.ListedAt is null || alert.MissingSince is not null)
                {
                    found.Add(alert.Fingerprint);
                }
            }
            else if (askedAt - listing.Since < AlertListing.Settled || alert.ListedAt is null)
            {
                // What Alertmanager never had may be of another one, whatever address that states.
                uncompared++;
            }
            else if (alert.MissingSince is not { } since || since < listing.Since + AlertListing.Settled)
            {
                missing.Add(alert.Fingerprint);
            }
            else if (askedAt - since >= interval * PartOfInterval)
            {
                gone.Add(alert);
            }
        }

        var ours = known.Where(alert => origins.Contains(alert.Origin)).GroupBy(alert => alert.Receiver, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var latest = known.GroupBy(alert => alert.Fingerprint, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.OrderBy(alert => alert.Status).ThenByDescending(alert => alert.ReceivedAt).First(), StringComparer.Ordinal);
        AlertTexts texts = new(_ => { });
        List<UntoldAlert> reopened = [];
        List<UntoldAlert> unknown = [];
        foreach (var alert in listed.Values.Where(alert => IsTold(alert, listing)))
        {
            var before = latest.GetValueOrDefault(alert.Fingerprint);
            if (before?.Status == AlertStatus.Firing
                || alert.Receivers?.Select(receiver => ours.GetValueOrDefault(receiver.Name)).FirstOrDefault(like => like is not null) is not { } like
                || ListedAlerts.ToAlert(alert, words, texts) is not { } fires
                || isIgnored(fires))
            {
                continue;
            }

            if (before is null)
            {
                if (askedAt - alert.StartsAt >= UnknownAfter && askedAt - listing.Since >= AlertListing.Settled)
                {
                    unknown.Add(new UntoldAlert(fires, like));
                }
            }
            else if (FiresAgain(alert, before) && askedAt - before.ReceivedAt >= CorrelationRule.LateWait)
            {
                reopened.Add(new UntoldAlert(fires, before));
            }
        }

        return new Differences(found, missing, gone, reopened, unknown, uncompared);
    }

    /// <summary>The message that mends a gone alert.</summary>
    public static AlertReceived Resolution(AlertReceived received, DateTimeOffset askedAt) => received with
    {
        Alert = received.Alert with { Status = AlertStatus.Resolved, EndsAt = askedAt },
        ReceivedAt = askedAt,
        Confirmed = true,
    };

    /// <summary>The message that mends one that fires there: what its webhook would have brought, had it come like another one.</summary>
    public static AlertReceived Firing(Alert alert, AlertReceived like, DateTimeOffset askedAt) =>
        new(alert, like.GroupKey, like.Receiver, like.ExternalUrl, askedAt, Confirmed: true);

    /// <summary>
    /// Whether an alert that Alertmanager has fires again after its resolution: one of several may not have heard of that yet, and of
    /// the alert neither.
    /// </summary>
    public static bool FiresAgain(ListedAlert alert, DateTimeOffset resolvedAt) => alert.UpdatedAt > resolvedAt;

    private static bool FiresAgain(ListedAlert alert, KnownAlert before) => FiresAgain(alert, before.EndsAt ?? before.ReceivedAt);

    // What is silenced, inhibited or muted fires, but nobody shall hear of it.
    private static bool IsTold(ListedAlert alert, AlertListing listing) =>
        listing.TellsWhoIsMuted && alert.Status is { State: "active", MutedBy: null or { Count: 0 } };
}
