using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Incidents.Audit;

/// <summary>The append-only record of what was asked for, by whom, and what came of it; each row is chained to the one before.</summary>
public static class AuditTrail
{
    /// <summary>The most characters that a text may have; the rest is cut, and that is said.</summary>
    public const int MaxTextLength = 16 * 1024;

    private const int PageSize = 500;
    private const string Cut = " ... (cut)";

    /// <summary>
    /// Appends it in the caller's transaction, which must be one of <see cref="IncidentsContext.BeginExclusiveAsync"/>: what happened and its
    /// record are kept together or not at all. Nothing is done for one that is already there. Appenders take turns until their transactions end, so append late.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no transaction.</exception>
    public static async Task AppendAsync(this IncidentsContext store, AuditRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(record);
        if (store.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("The audit trail is written in the transaction of what it records.");
        }

        await store.TakeTurnAsync("audit", cancellationToken);
        if (await store.AuditEntries.AnyAsync(entry => entry.Id == record.Id, cancellationToken))
        {
            return;
        }

        var head = await store.AuditHeads.AsNoTracking().SingleAsync(cancellationToken);
        var kept = Kept(record);
        var sequence = head.Sequence + 1;
        var entry = new AuditEntry
        {
            Sequence = sequence,
            Id = kept.Id,
            At = kept.At,
            Step = kept.Step,
            IncidentId = kept.IncidentId,
            ProposalId = kept.ProposalId,
            Actor = kept.Actor,
            Channel = kept.Channel,
            Action = kept.Action,
            Target = kept.Target,
            Reason = kept.Reason,
            Before = kept.Before,
            After = kept.After,
            PreviousHash = head.Hash,
            Hash = AuditHash.Of(sequence, kept, head.Hash),
        };
        store.AuditEntries.Add(entry);
        await store.SaveChangesAsync(cancellationToken);
        await store.AuditHeads.ExecuteUpdateAsync(
            set => set.SetProperty(h => h.Sequence, entry.Sequence).SetProperty(h => h.Hash, entry.Hash), cancellationToken);
    }

    /// <summary>All rows in their order, read a page at a time.</summary>
    /// <param name="store">The store.</param>
    /// <param name="after">Only those after this one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<AuditEntry> ReadAsync(
        IncidentsContext store, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (true)
        {
            var page = await store.AuditEntries.AsNoTracking()
                .Where(entry => entry.Sequence > after)
                .OrderBy(entry => entry.Sequence)
                .Take(PageSize)
                .ToArrayAsync(cancellationToken);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Length < PageSize)
            {
                yield break;
            }

            after = page[^1].Sequence;
        }
    }

    /// <summary>Recomputes the whole chain.</summary>
    /// <param name="store">The store.</param>
    /// <param name="known">A row's sequence and hash as they were noted elsewhere: whoever rewrites the whole chain does not come past it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<AuditVerdict> VerifyAsync(IncidentsContext store, (long Sequence, string Hash)? known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);

        // One snapshot for the rows and their end: rows come in while this reads.
        await using var snapshot = await store.BeginSnapshotAsync(cancellationToken);
        var (sequence, hash, metKnown) = (0L, AuditHash.None, known is null);
        await foreach (var entry in ReadAsync(store, after: long.MinValue, cancellationToken))
        {
            if (entry.Sequence != sequence + 1)
            {
                return new AuditVerdict(sequence, hash, $"Row {sequence + 1} is missing: the one after row {sequence} is {entry.Sequence}.");
            }

            if (entry.PreviousHash != hash)
            {
                return new AuditVerdict(sequence, hash, $"Row {entry.Sequence} is not chained to row {sequence}: one of them was changed or put in.");
            }

            if (entry.Hash != AuditHash.Of(entry))
            {
                return new AuditVerdict(sequence, hash, $"Row {entry.Sequence} was changed: its hash is not that of its contents.");
            }

            (sequence, hash) = (entry.Sequence, entry.Hash);
            if (known is { } noted && noted.Sequence == sequence)
            {
                if (!string.Equals(noted.Hash, hash, StringComparison.OrdinalIgnoreCase))
                {
                    return new AuditVerdict(sequence, hash, $"Row {sequence} has another hash than was noted: the chain was rewritten.");
                }

                metKnown = true;
            }
        }

        var heads = await store.AuditHeads.AsNoTracking().ToArrayAsync(cancellationToken);
        if (heads is not [var head])
        {
            return new AuditVerdict(sequence, hash, "The row that says where the chain ends is missing.");
        }

        if (head.Sequence != sequence || head.Hash != hash)
        {
            return new AuditVerdict(sequence, hash, $"The chain ends with row {sequence}, but should with row {head.Sequence}: rows were deleted or put in at its end.");
        }

        return metKnown
            ? new AuditVerdict(sequence, hash, Problem: null)
            : new AuditVerdict(sequence, hash, $"The noted row {known!.Value.Sequence} is missing.");
    }

    // As the store gives it back, since that is what is hashed when the chain is verified.
    private static AuditRecord Kept(AuditRecord record) => record with
    {
        At = record.At.InMicroseconds(),
        Actor = Storable(record.Actor)!,
        Channel = Storable(record.Channel),
        Action = Storable(record.Action)!,
        Target = Storable(record.Target)!,
        Reason = Storable(record.Reason),
        Before = Storable(record.Before),
        After = Storable(record.After),
    };

    // PostgreSQL takes no NUL, and half a surrogate pair has no UTF-8.
    private static string? Storable(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var bounded = text.Length <= MaxTextLength ? text : text[..(MaxTextLength - Cut.Length)] + Cut;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(bounded)).Replace('\0', '\uFFFD');
    }
}
