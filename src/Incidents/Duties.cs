using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents;

/// <summary>Shares out duties among processes.</summary>
public static class Duties
{
    /// <summary>When it is done next; null when it never was.</summary>
    public static Task<DateTimeOffset?> DueAtAsync(this IncidentsContext context, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Duties.Where(duty => duty.Name == name).Select(duty => (DateTimeOffset?)duty.DueAt).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Takes a duty that is due. A process that dies with it loses it at <paramref name="until"/>.</summary>
    /// <returns>Whether this process has it to itself.</returns>
    public static async Task<bool> TryTakeAsync(this IncidentsContext context, string name, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        await using var transaction = await context.BeginExclusiveAsync($"duty/{name}", cancellationToken);
        var duty = await context.Duties.SingleOrDefaultAsync(known => known.Name == name, cancellationToken);
        if (duty?.DueAt > now)
        {
            return false;
        }

        duty ??= context.Duties.Add(new Duty { Name = name }).Entity;
        duty.DueAt = until.InMicroseconds();
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.ChangeTracker.Clear();
        return true;
    }

    /// <summary>Gives back a duty that was taken until <paramref name="until"/>, unless another process has taken it since.</summary>
    public static async Task PutBackAsync(this IncidentsContext context, string name, DateTimeOffset until, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (taken, due) = (until.InMicroseconds(), dueAt.InMicroseconds());
        await context.Duties.Where(duty => duty.Name == name && duty.DueAt == taken).ExecuteUpdateAsync(set => set.SetProperty(duty => duty.DueAt, due), cancellationToken);
    }
}
