using System.Globalization;
using System.Security.Cryptography;
using AlertResponder.Analysis.Check;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Prompt;
using AlertResponder.Analysis.Reuse;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Resilience.Failures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Analysis;

/// <summary>Diagnoses a context: the rules always, the model on top of them where one is configured and can be heard.</summary>
internal sealed partial class Analyst
{
    /// <summary>For all calls to the model together: Slack must hear of an alert within a minute.</summary>
    public static readonly TimeSpan ModelDeadline = TimeSpan.FromSeconds(30);

    // Where the upstream does not say when it can be asked again.
    private static readonly TimeSpan RetryWait = TimeSpan.FromMinutes(5);

    private readonly TimeProvider time;
    private readonly ILogger<Analyst> logger;
    private readonly BedrockModel? model;
    private readonly IServiceScopeFactory scopes;
    private readonly string systemPrompt;
    private readonly int userTokens;
    private readonly decimal mostUsd;

    /// <param name="options">Read once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where outages are logged.</param>
    /// <param name="scopes">The store with the model's budget and its known answers; not used without a model.</param>
    /// <param name="model">Null when none is configured: rules only.</param>
    public Analyst(
        IOptions<AnalysisOptions> options,
        [FromKeyedServices(StoreTime.Key)] TimeProvider time,
        ILogger<Analyst> logger,
        IServiceScopeFactory scopes,
        BedrockModel? model = null)
    {
        this.time = time;
        this.logger = logger;
        this.scopes = scopes;
        this.model = options.Value.DailyBudgetUsd > 0 ? model : null;
        systemPrompt = this.model is null ? "" : SystemPrompt.Read(options.Value.SystemPromptFile);
        var systemTokens = TokenEstimate.Of(systemPrompt);
        userTokens = options.Value.InputTokenBudget - systemTokens;

        // The worst case: two questions, of which the second repeats the first with its answer.
        mostUsd = this.model?.Cost((3 * (userTokens + systemTokens)) + BedrockModel.MaxOutputTokens, 2 * BedrockModel.MaxOutputTokens) ?? 0m;
        AnalysisMetrics.Begin();
    }

    /// <summary>Never fails for the model's sake: then the rules' diagnosis stands, and says why.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Analyzed> AnalyzeAsync(ContextEnriched context, CancellationToken cancellationToken)
    {
        var rules = RulesEngine.Diagnose(context);
        foreach (var (rule, error) in rules.Failures)
        {
            AnalysisMetrics.RuleFailed(rule);
            Log.RuleFailed(logger, rule, new UnquotedException(error));
        }

        // A healthy subject needs no explanation, so it costs nothing.
        if (model is null || rules.IsHealthy)
            return new Analyzed(Completed(context, rules));

        await using var scope = scopes.CreateAsyncScope();
        var memory = scope.ServiceProvider.GetRequiredService<AnswerMemory>();
        var signature = EvidenceSignature.Of(context, rules, model.Id, systemPrompt);
        if (await RecallAsync(memory, context, rules, signature, cancellationToken) is { } reused)
            return new Analyzed(reused);

        var ledger = scope.ServiceProvider.GetRequiredService<ModelLedger>();
        var turn = await ledger.TryBeginAsync(context.IncidentId, context.Revision, mostUsd, cancellationToken);
        if (turn.Reservation is not { } reservation)
            return new Analyzed(WithoutTurn(context, rules, turn, ledger.LimitUsd), turn.RetryAt);

        var (analysis, kept) = await AskAsync(context, rules, ledger, reservation, cancellationToken);
        if (kept is not null)
            await memory.KeepAsync(context, signature, kept, model.Id, cancellationToken);
        return new Analyzed(analysis, IsModelOwed(analysis) ? model.PausedUntil ?? time.GetUtcNow() + RetryWait : null);
    }

    private async Task<(AnalysisCompleted Analysis, ModelAnswer? Kept)> AskAsync(
        ContextEnriched context, RulesDiagnosis rules, ModelLedger ledger, ModelReservation reservation, CancellationToken cancellationToken)
    {
        var interview = new Interview(model!);

        // No answer is no proof that there is no bill.
        var isBillKnown = false;
        try
        {
            var answered = await AskAsync(context, rules, interview, cancellationToken);
            isBillKnown = true;
            return answered;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            isBillKnown = ModelOutage.IsUnbilled(failure);
            var sentence = ModelOutage.Describe(failure, model!.PausedUntil);
            Log.ModelUnavailable(logger, sentence, failure);
            return (Completed(context, rules, interview, sentence), null);
        }
        finally
        {
            if (isBillKnown)
                await ledger.SettleAsync(reservation, model!.Cost(interview.InputTokens, interview.OutputTokens), interview.InputTokens, interview.OutputTokens);
            else
                await ledger.KeepReservationAsync(reservation, interview.InputTokens, interview.OutputTokens);
        }
    }

    /// <summary>
    /// Whether the model was not heard for a reason that may pass, so that the same context is worth another analysis later. An
    /// answer that came and could not be used (it has cost tokens) would come out the same again.
    /// </summary>
    private static bool IsModelOwed(AnalysisCompleted analysis) =>
        analysis is { Origin: AnalysisOrigin.Rules, ModelUnavailable: not null, InputTokens: 0 };

    private async Task<AnalysisCompleted?> RecallAsync(
        AnswerMemory memory, ContextEnriched context, RulesDiagnosis rules, EvidenceSignature signature, CancellationToken cancellationToken)
    {
        // Checked like a fresh one: what this evidence does not bear is no answer to it.
        if (await memory.RecallAsync(context, signature, cancellationToken) is not { } known
            || AnswerCheck.Check(known.Answer, context, rules) is not { IsBorne: true, Dropped.Count: 0 } joint)
        {
            return null;
        }

        return Joined(Completed(context, rules) with { Origin = AnalysisOrigin.Reused, ModelId = known.ModelId }, joint);
    }

    private AnalysisCompleted WithoutTurn(ContextEnriched context, RulesDiagnosis rules, ModelTurn turn, decimal limitUsd)
    {
        if (!turn.IsBudgetSpent)
            return Completed(context, rules, interview: null, "The model is being asked already. Rules for now; its analysis follows.");
        Log.BudgetSpent(logger, limitUsd);
        return Completed(
            context, rules, interview: null,
            string.Create(CultureInfo.InvariantCulture, $"The daily budget of ${limitUsd:0.00####} for the model is used up. Rules only until 00:00 UTC."));
    }

    private async Task<(AnalysisCompleted Analysis, ModelAnswer? Kept)> AskAsync(
        ContextEnriched context, RulesDiagnosis rules, Interview interview, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ModelDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var prompt = UserPrompt.Build(context, rules, Nonce(), userTokens);
        var (answer, problem) = await interview.AskAsync(systemPrompt, prompt, either.Token);
        if (answer is null)
        {
            Log.AnswerUnusable(logger, problem);
            return (Completed(context, rules, interview, $"The model's answer could not be used: {problem}. Rules only."), null);
        }

        var joint = AnswerCheck.Check(answer, context, rules);
        foreach (var dropped in joint.Dropped)
        {
            AnalysisMetrics.Dropped(dropped.Kind);
            Log.ClaimDropped(logger, dropped.Kind, dropped.Claim, dropped.Foreign);
        }

        if (!joint.IsBorne)
        {
            Log.NothingBorne(logger);
            return (Completed(context, rules, interview, "The model's answer did not fit the evidence and was set aside. Rules only."), null);
        }

        return (Joined(Completed(context, rules, interview) with { Origin = AnalysisOrigin.Model }, joint), joint.Kept);
    }

    private static AnalysisCompleted Joined(AnalysisCompleted analysis, CheckedAnswer joint) => analysis with
    {
        Diagnosis = joint.Diagnosis,
        SuggestedActions = joint.SuggestedActions,
        Commands = joint.Commands,
    };

    private AnalysisCompleted Completed(ContextEnriched context, RulesDiagnosis rules, Interview? interview = null, string? modelUnavailable = null)
    {
        var (inputTokens, outputTokens) = (interview?.InputTokens ?? 0, interview?.OutputTokens ?? 0);
        return new AnalysisCompleted(
            context.IncidentId,
            context.Revision,
            rules.Diagnosis,
            AnalysisOrigin.Rules,
            modelUnavailable,
            outputTokens > 0 ? model?.Id : null,
            inputTokens,
            outputTokens,
            model?.Cost(inputTokens, outputTokens) ?? 0m,
            rules.Commands,
            rules.SuggestedActions,
            time.GetUtcNow(),
            rules.Failures.Count == 0 ? null : [.. rules.Failures.Select(failure => failure.Name).Distinct(StringComparer.Ordinal)]);
    }

    private static string Nonce() => RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Rule {Rule} failed and is left out of the diagnosis")]
        public static partial void RuleFailed(ILogger logger, string rule, Exception failure);

        [LoggerMessage(LogLevel.Warning, "The model was not heard: {Sentence}")]
        public static partial void ModelUnavailable(ILogger logger, string? sentence, Exception failure);

        [LoggerMessage(LogLevel.Warning, "The model's answer could not be used: {Problem}")]
        public static partial void AnswerUnusable(ILogger logger, string? problem);

        [LoggerMessage(LogLevel.Warning, "The model's answer was set aside: the evidence bears nothing of it")]
        public static partial void NothingBorne(ILogger logger);

        [LoggerMessage(LogLevel.Debug, "A claim of the model was dropped ({Kind}): {Claim} [{Foreign}]")]
        public static partial void ClaimDropped(ILogger logger, string kind, string claim, string foreign);

        [LoggerMessage(LogLevel.Warning, "The model's daily budget of {LimitUsd} USD is used up")]
        public static partial void BudgetSpent(ILogger logger, decimal limitUsd);
    }
}

/// <summary>An analysis, and when the same context is worth another one.</summary>
/// <param name="Completed">The analysis.</param>
/// <param name="ModelRetryAt">Null when nothing better is to be expected.</param>
internal sealed record Analyzed(AnalysisCompleted Completed, DateTimeOffset? ModelRetryAt = null);
