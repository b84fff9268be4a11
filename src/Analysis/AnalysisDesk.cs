using AlertResponder.Contracts;
using AlertResponder.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Analysis;

/// <summary>Analyses a revision once: what is recorded is emitted from the record, and asks no model again.</summary>
internal sealed partial class AnalysisDesk(
    IncidentsContext store, Analyst analyst, [FromKeyedServices(StoreTime.Key)] TimeProvider time, ILogger<AnalysisDesk> logger)
{
    /// <returns>The analysis to publish; null when there is nothing new to tell.</returns>
    public async Task<AnalysisCompleted?> AnalyzeAsync(ContextEnriched context, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginIncident(context.IncidentId);
        var incident = await store.Incidents.AsNoTracking().SingleOrDefaultAsync(i => i.Id == context.IncidentId, cancellationToken);
        if (incident is null || incident.AnalyzedRevision > context.Revision)
        {
            Log.Superseded(logger, context.Revision);
            return null;
        }

        // What cannot be read is as good as not recorded: a newer version may have written it, or a hand.
        var json = incident.AnalyzedRevision == context.Revision ? incident.AnalysisJson : null;
        var recorded = StoredJson.TryRead<AnalysisCompleted>(json);
        if (recorded is not null && incident.ModelRetryAt is null)
        {
            return recorded;
        }

        var start = time.GetTimestamp();
        var (analysis, retryAt) = await analyst.AnalyzeAsync(context, cancellationToken);
        AnalysisMetrics.Analyzed(analysis, time.GetElapsedTime(start));
        if (recorded is not null && retryAt is not null && analysis.ModelUnavailable == recorded.ModelUnavailable)
        {
            await store.Incidents.Where(i => i.Id == context.IncidentId && i.AnalyzedRevision == context.Revision && i.ModelRetryAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ModelRetryAt, retryAt), cancellationToken);

            // Not shown yet: this may be a redelivery whose first run recorded and ended before it published.
            return incident.DrawnVersion < incident.Version ? recorded : null;
        }

        if (!await TryRecordAsync(analysis, retryAt, unreadable: recorded is null ? json : null, cancellationToken))
        {
            // Another worker was faster, and what it has recorded is as good or better; it publishes that itself.
            Log.Superseded(logger, context.Revision);
            return null;
        }

        Log.Analyzed(logger, analysis.Revision, analysis.Origin, analysis.Diagnosis.Cause, analysis.CostUsd);
        return analysis;
    }

    private async Task<bool> TryRecordAsync(AnalysisCompleted analysis, DateTimeOffset? retryAt, string? unreadable, CancellationToken cancellationToken)
    {
        var json = StoredJson.Write(analysis);

        // Its message is on its way to those who draw and to those who propose.
        var stalledAt = analysis.AnalyzedAt + IncidentProgress.StalledAfter;

        // Of one revision only what still owes the model's word is replaced, or what was found unreadable.
        var recorded = await store.Incidents
            .Where(i => i.Id == analysis.IncidentId && (i.AnalyzedRevision < analysis.Revision
                || (i.AnalyzedRevision == analysis.Revision && (i.ModelRetryAt != null || i.AnalysisJson == unreadable))))
            .ExecuteUpdateAsync(
            set => set
                .SetProperty(i => i.AnalysisJson, json)
                .SetProperty(i => i.AnalyzedRevision, analysis.Revision)
                .SetProperty(i => i.ModelRetryAt, retryAt)
                .SetProperty(i => i.ProposeAt, stalledAt)
                .SetProperty(i => i.ProposeTries, (int?)null)
                .SetProperty(i => i.Version, i => i.Version + 1)
                .SetProperty(i => i.DriveAt, stalledAt)
                .SetProperty(i => i.Drives, 0),
            cancellationToken);
        return recorded == 1;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Revision} is analysed ({Origin}): {Cause} (${Cost})")]
        public static partial void Analyzed(ILogger logger, int revision, AnalysisOrigin origin, string cause, decimal cost);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Revision {Revision} is superseded and not analysed")]
        public static partial void Superseded(ILogger logger, int revision);
    }
}
