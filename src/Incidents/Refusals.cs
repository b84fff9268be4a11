using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents;

/// <summary>Writes and reads what was refused.</summary>
public static class Refusals
{
    // Whoever may post could make up names without end.
    private const int MostSenders = 500;
    private const string Others = "other senders";

    /// <summary>Records some of one kind, on disk when it returns.</summary>
    public static async Task RecordRefusalAsync(
        this IncidentsContext context, string sender, RefusalReason reason, string detail, long count, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        await using var transaction = await context.BeginExclusiveAsync("refusals", cancellationToken);
        var refusal = await context.Refusals.SingleOrDefaultAsync(r => r.Sender == sender && r.Reason == reason, cancellationToken);
        if (refusal is null && await context.Refusals.CountAsync(cancellationToken) >= MostSenders)
        {
            sender = Others;
            refusal = await context.Refusals.SingleOrDefaultAsync(r => r.Sender == sender && r.Reason == reason, cancellationToken);
        }

        refusal ??= context.Refusals.Add(new WebhookRefusal { Sender = sender, Reason = reason, Detail = detail }).Entity;
        RefusalRule.Add(refusal, detail, count, now.InMicroseconds());
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.ChangeTracker.Clear();
    }

    /// <summary>The newest since a time, newest first.</summary>
    public static async Task<IReadOnlyList<WebhookRefusal>> ReadRefusalsAsync(this IncidentsContext context, DateTimeOffset since, int atMost, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await context.Refusals.AsNoTracking().Where(r => r.LastAt >= since).OrderByDescending(r => r.LastAt).Take(atMost).ToListAsync(cancellationToken);
    }
}
