using System.Globalization;
using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Benchmarks.Trace;

/// <summary>What a trace has cost.</summary>
/// <param name="Analyses">One for each alert.</param>
/// <param name="EstimatedInputs">Of each call to the model, by our own estimate.</param>
internal sealed record TraceResult(IReadOnlyList<AnalysisCompleted> Analyses, IReadOnlyList<int> EstimatedInputs)
{
    private const decimal MostUsd = 0.01m;
    private const int MostInputTokens = 1_500;

    private static readonly ModelPrice Price = ModelPrice.Of(new BedrockOptions().Prices, new BedrockOptions().ModelId)!;

    private int Fresh => Analyses.Count(analysis => analysis.Origin == AnalysisOrigin.Model);

    private int Reused => Analyses.Count(analysis => analysis.Origin == AnalysisOrigin.Reused);

    private long OutputTokens => Analyses.Sum(analysis => (long)analysis.OutputTokens);

    private decimal CostUsd => Analyses.Sum(analysis => analysis.CostUsd);

    /// <summary>With the estimate's input tokens in the place of the simulator's.</summary>
    private decimal EstimatedUsd => Price.Cost(EstimatedInputs.Sum(), (int)OutputTokens);

    private int MedianInput => EstimatedInputs.Order().ElementAt(EstimatedInputs.Count / 2);

    private double CallsPerFresh => (double)EstimatedInputs.Count / Math.Max(1, Fresh);

    public async Task WriteAsync()
    {
        string[] cells =
        [
            Text($"{Analyses.Count:N0}"), Text($"{EstimatedInputs.Count:N0}"), Text($"{CallsPerFresh:0.00}"), Text($"{Reused / (double)Analyses.Count:P0}"),
            Text($"{Analyses.Sum(analysis => (long)analysis.InputTokens):N0}"), Text($"{EstimatedInputs.Sum():N0}"), Text($"{MedianInput:N0}"), Text($"{EstimatedInputs.Max():N0}"), Text($"{OutputTokens:N0}"),
            Text($"${CostUsd:0.0000}"), Text($"${EstimatedUsd:0.0000}"),
        ];
        await Console.Out.WriteLineAsync("| alerts | calls | calls per fresh incident | reused | input tokens | by our estimate | median | most | output tokens | cost | by our estimate |");
        await Console.Out.WriteLineAsync($"|{string.Concat(cells.Select(_ => " --- |"))}");
        await Console.Out.WriteLineAsync($"| {string.Join(" | ", cells)} |");
        foreach (var missed in Missed())
            await Console.Error.WriteLineAsync(missed);
    }

    /// <summary>The goals that it misses, a sentence each.</summary>
    public IEnumerable<string> Missed()
    {
        if (Fresh + Reused < Analyses.Count)
            yield return Text($"{Analyses.Count - Fresh - Reused} alerts were not answered by the model: {Analyses.First(analysis => analysis.Origin == AnalysisOrigin.Rules)}");
        if (EstimatedUsd >= MostUsd)
            yield return Text($"It costs ${MostUsd} or more.");
        if (EstimatedInputs.Max() > MostInputTokens)
            yield return Text($"A question has more than {MostInputTokens} tokens.");
        if (CallsPerFresh > 1.5)
            yield return "A fresh incident takes more than a call.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
