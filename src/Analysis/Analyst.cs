using System.Globalization;
using System.Security.Cryptography;
using AlertResponder.Analysis.Check;
using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Prompt;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlertResponder.Analysis;

/// <summary>Diagnoses a context: the rules always, the model on top of them where one is configured and can be heard.</summary>
internal sealed partial class Analyst
{
    /// <summary>For all calls to the model together: Slack must hear of an alert within a minute.</summary>
    public static readonly TimeSpan ModelDeadline = TimeSpan.FromSeconds(30);

    /// <summary>However long the system prompt is, the evidence gets this much.</summary>
    private const int LeastUserTokens = 500;

    private readonly TimeProvider time;
    private readonly ILogger<Analyst> logger;
    private readonly BedrockModel? model;
    private readonly DailyBudget budget;
    private readonly string systemPrompt;
    private readonly int userTokens;

    /// <param name="options">Read once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where outages are logged.</param>
    /// <param name="model">Null when none is configured: rules only.</param>
    public Analyst(IOptions<AnalysisOptions> options, TimeProvider time, ILogger<Analyst> logger, BedrockModel? model = null)
    {
        this.time = time;
        this.logger = logger;
        this.model = options.Value.DailyBudgetUsd > 0 ? model : null;
        budget = new DailyBudget(options.Value.DailyBudgetUsd, time);
        systemPrompt = this.model is null ? "" : SystemPrompt.Read(options.Value.SystemPromptFile);
        userTokens = Math.Max(LeastUserTokens, options.Value.InputTokenBudget - TokenEstimate.Of(systemPrompt));
        AnalysisMetrics.Begin();
    }

    /// <summary>
    /// Whether the model was not heard for a reason that may pass, so that the same context is worth another analysis later. An
    /// answer that came and could not be used (it has cost tokens) would come out the same again.
    /// </summary>
    public static bool IsModelOwed(AnalysisCompleted analysis) =>
        analysis is { Origin: AnalysisOrigin.Rules, ModelUnavailable: not null, InputTokens: 0 };

    /// <summary>Never fails for the model's sake: then the rules' diagnosis stands, and says why.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<AnalysisCompleted> AnalyzeAsync(ContextEnriched context, CancellationToken cancellationToken)
    {
        var rules = RulesEngine.Diagnose(context);

        // A healthy subject needs no explanation, so it costs nothing.
        if (model is null || rules.IsHealthy)
            return Completed(context, rules, interview: null, modelUnavailable: null);

        // The worst case counts, so that the limit is never passed: two questions, of which the second repeats the first with its answer.
        var atMost = model.Cost((3 * (userTokens + TokenEstimate.Of(systemPrompt))) + BedrockModel.MaxOutputTokens, 2 * BedrockModel.MaxOutputTokens);
        if (!budget.TryReserve(atMost))
        {
            Log.BudgetSpent(logger, budget.SpentUsd, budget.LimitUsd);
            return Completed(
                context, rules, interview: null,
                string.Create(CultureInfo.InvariantCulture, $"The daily budget of ${budget.LimitUsd:0.00####} for the model is used up. Rules only until 00:00 UTC."));
        }

        var interview = new Interview(model);
        try
        {
            return await AskAsync(context, rules, interview, cancellationToken);
        }
        finally
        {
            budget.Settle(atMost, model.Cost(interview.InputTokens, interview.OutputTokens));
        }
    }

    private async Task<AnalysisCompleted> AskAsync(ContextEnriched context, RulesDiagnosis rules, Interview interview, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ModelDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var prompt = UserPrompt.Build(context, rules, Nonce(), userTokens);
            var (answer, problem) = await interview.AskAsync(systemPrompt, prompt, either.Token);
            if (answer is null)
            {
                Log.AnswerUnusable(logger, problem);
                return Completed(context, rules, interview, $"The model's answer could not be used: {problem}. Rules only.");
            }

            if (AnswerCheck.Check(answer, context, rules) is not { } joint)
            {
                Log.AnswerContradicts(logger, rules.Primary.Rule);
                return Completed(context, rules, interview, "The model's answer did not fit the evidence and was set aside. Rules only.");
            }

            if (joint.Dropped > 0)
                Log.ClaimsDropped(logger, joint.Dropped);
            return Completed(context, rules, interview, modelUnavailable: null) with
            {
                Diagnosis = joint.Diagnosis,
                Origin = AnalysisOrigin.Model,
                SuggestedActions = joint.SuggestedActions,
                Commands = joint.Commands,
            };
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var sentence = ModelOutage.Describe(failure, model!.PausedUntil);
            Log.ModelUnavailable(logger, sentence, failure);
            return Completed(context, rules, interview, sentence);
        }
    }

    private AnalysisCompleted Completed(ContextEnriched context, RulesDiagnosis rules, Interview? interview, string? modelUnavailable)
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
            time.GetUtcNow());
    }

    private static string Nonce() => RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The model was not heard: {Sentence}")]
        public static partial void ModelUnavailable(ILogger logger, string? sentence, Exception failure);

        [LoggerMessage(LogLevel.Warning, "The model's answer could not be used: {Problem}")]
        public static partial void AnswerUnusable(ILogger logger, string? problem);

        [LoggerMessage(LogLevel.Warning, "The model's answer was set aside: it contradicts rule {Rule} or nothing of it is in the evidence")]
        public static partial void AnswerContradicts(ILogger logger, string rule);

        [LoggerMessage(LogLevel.Information, "{Dropped} claims of the model were dropped: not in the evidence")]
        public static partial void ClaimsDropped(ILogger logger, int dropped);

        [LoggerMessage(LogLevel.Warning, "The model's daily budget is used up: {SpentUsd} of {LimitUsd} USD")]
        public static partial void BudgetSpent(ILogger logger, decimal spentUsd, decimal limitUsd);
    }
}
