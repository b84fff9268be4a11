using System.Diagnostics.Metrics;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis;

/// <summary>Where diagnoses come from, and what the model costs.</summary>
internal static class AnalysisMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "alert_responder.analysis.duration",
        "s",
        "How long analyses took, by origin: rules, model or reused.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30] });

    private static readonly Counter<long> ModelUnavailable = Meter.CreateCounter<long>(
        "alert_responder.analysis.model_unavailable", description: "Analyses that had to do without the model although it is configured.");

    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>(
        "alert_responder.model.tokens", description: "Tokens of the model, by direction: input or output.");

    private static readonly Counter<double> Cost = Meter.CreateCounter<double>(
        "alert_responder.model.cost_usd", description: "What the model has cost in US dollars, by the price table.");

    private static readonly Counter<long> ClaimsDropped = Meter.CreateCounter<long>(
        "alert_responder.model.claims_dropped", description: "Claims of the model that the evidence does not bear and that were not shown, by kind.");

    private static readonly Counter<long> RuleFailures = Meter.CreateCounter<long>(
        "alert_responder.analysis.rule_failures", description: "Rules that failed by a defect and were left out of a diagnosis, by rule.");

    /// <summary>Shows the counters at zero: the first event is a rise then, and not the beginning of a series.</summary>
    public static void Begin()
    {
        ModelUnavailable.Add(0);
        foreach (var rule in RulesEngine.Rules)
            RuleFailures.Add(0, KeyValuePair.Create<string, object?>("rule", rule.Name));
        foreach (var kind in new[] { "name", "number", "quotation", "health", "advice", "length", "evidence", "action", "command" })
            ClaimsDropped.Add(0, KeyValuePair.Create<string, object?>("kind", kind));
        Count(0, 0, 0);
    }

    public static void Analyzed(AnalysisCompleted analysis, TimeSpan took)
    {
        Duration.Record(took.TotalSeconds, KeyValuePair.Create<string, object?>("origin", analysis.Origin.ToString().ToLowerInvariant()));
        ModelUnavailable.Add(analysis.ModelUnavailable is null ? 0 : 1);
        Count(analysis.InputTokens, analysis.OutputTokens, analysis.CostUsd);
    }

    public static void RuleFailed(string rule) => RuleFailures.Add(1, KeyValuePair.Create<string, object?>("rule", rule));

    public static void Dropped(string kind) => ClaimsDropped.Add(1, KeyValuePair.Create<string, object?>("kind", kind));

    private static void Count(int inputTokens, int outputTokens, decimal costUsd)
    {
        Tokens.Add(inputTokens, KeyValuePair.Create<string, object?>("direction", "input"));
        Tokens.Add(outputTokens, KeyValuePair.Create<string, object?>("direction", "output"));
        Cost.Add((double)costUsd);
    }
}
