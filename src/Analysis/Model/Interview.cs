namespace AlertResponder.Analysis.Model;

/// <summary>Asks the model for an answer in the form that is needed: once, and once more with what was wrong.</summary>
internal sealed class Interview(BedrockModel model)
{
    /// <summary>Of all calls so far, also when a later one fails.</summary>
    public int InputTokens { get; private set; }

    /// <summary>Of all calls so far, also when a later one fails.</summary>
    public int OutputTokens { get; private set; }

    /// <returns>The answer, or why there is none that can be used, for people.</returns>
    public async Task<(ModelAnswer? Answer, string? Problem)> AskAsync(string systemPrompt, string userPrompt, CancellationToken cancellationToken)
    {
        var first = await TryAsync(systemPrompt, [new Turn(IsModel: false, userPrompt)], cancellationToken);
        if (first.Answer is not null || first.Mend is null)
            return (first.Answer, first.Problem);

        var mend = $"Your answer cannot be used: {first.Mend}. Answer again, with the JSON object only.";
        Turn[] turns = string.IsNullOrWhiteSpace(first.Reply)
            ? [new Turn(IsModel: false, $"{userPrompt}\n{mend}")]
            : [new Turn(IsModel: false, userPrompt), new Turn(IsModel: true, first.Reply), new Turn(IsModel: false, mend)];
        var second = await TryAsync(systemPrompt, turns, cancellationToken);
        return (second.Answer, second.Problem);
    }

    private async Task<Attempt> TryAsync(string systemPrompt, IReadOnlyList<Turn> turns, CancellationToken cancellationToken)
    {
        var reply = await model.AskAsync(systemPrompt, turns, cancellationToken);
        InputTokens += reply.InputTokens;
        OutputTokens += reply.OutputTokens;
        switch (reply.StopReason)
        {
            case "content_filtered":
                return Attempt.Final("Bedrock's content filter held the answer back");
            case "guardrail_intervened":
                return Attempt.Final("a Bedrock guardrail held the answer back");
            case "model_context_window_exceeded":
                return Attempt.Final("the question was longer than the model takes");
        }

        var (answer, problem) = AnswerParser.Parse(reply.Text);
        return (answer, reply.StopReason) switch
        {
            (not null, _) => new Attempt(answer, Problem: null, Mend: null, reply.Text),
            (_, "max_tokens") => new Attempt(Answer: null, $"it was cut off after {BedrockModel.MaxOutputTokens} tokens", "it was cut off for its length, so keep it much shorter", reply.Text),
            (_, "malformed_model_output" or "malformed_tool_use") => new Attempt(Answer: null, "it came out malformed", "it came out malformed", reply.Text),
            _ => new Attempt(Answer: null, problem, problem, reply.Text),
        };
    }

    /// <param name="Answer">Null when it cannot be used.</param>
    /// <param name="Problem">Why not, for people.</param>
    /// <param name="Mend">Why not, for the model; null when asking again is of no use.</param>
    /// <param name="Reply">What the model wrote.</param>
    private sealed record Attempt(ModelAnswer? Answer, string? Problem, string? Mend, string Reply)
    {
        public static Attempt Final(string problem) => new(Answer: null, problem, Mend: null, Reply: "");
    }
}
