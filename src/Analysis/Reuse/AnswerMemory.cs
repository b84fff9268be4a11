using AlertResponder.Analysis.Model;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Analysis.Reuse;

/// <summary>The model's answers of the last days, by subject and signature.</summary>
internal sealed class AnswerMemory(IncidentsContext store, [FromKeyedServices(StoreTime.Key)] TimeProvider time)
{
    /// <summary>A cluster is not the same for ever, even where nothing of it shows in the evidence.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>An answer to the same evidence, in the names of this one; null when there is none.</summary>
    public async Task<(ModelAnswer Answer, string ModelId)?> RecallAsync(ContextEnriched context, EvidenceSignature signature, CancellationToken cancellationToken)
    {
        var key = SubjectKey.For(context.Subject);
        var now = time.GetUtcNow().InMicroseconds();
        var known = await store.KnownAnswers.AsNoTracking().SingleOrDefaultAsync(a => a.SubjectKey == key && a.Signature == signature.Hash && a.ExpiresAt > now, cancellationToken);
        return known is not null && StoredJson.Read<AnswerTemplate>(known.Json).For(context, signature) is { } answer ? (answer, known.ModelId) : null;
    }

    public async Task KeepAsync(ContextEnriched context, EvidenceSignature signature, ModelAnswer answer, string modelId, CancellationToken cancellationToken)
    {
        if (AnswerTemplate.Of(answer, context, signature) is not { } template)
            return;
        var key = SubjectKey.For(context.Subject);
        var json = StoredJson.Write(template);
        var expiresAt = (time.GetUtcNow() + KeptFor).InMicroseconds();
        await using var transaction = await store.BeginExclusiveAsync("known-answers", cancellationToken);
        var updated = await store.KnownAnswers.Where(a => a.SubjectKey == key && a.Signature == signature.Hash).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.Json, json).SetProperty(a => a.ModelId, modelId).SetProperty(a => a.ExpiresAt, expiresAt), cancellationToken);
        if (updated == 0)
        {
            store.KnownAnswers.Add(new KnownAnswer { SubjectKey = key, Signature = signature.Hash, ModelId = modelId, Json = json, ExpiresAt = expiresAt });
            await store.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
