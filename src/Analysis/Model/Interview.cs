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
        var (answer, problem, isFinal, reply) = await TryAsync(systemPrompt, [new Turn(IsModel: false, userPrompt)], cancellationToken);
        if (answer is not null || isFinal)
            return (answer, problem);

        var mend = $"Your answer cannot be used: {problem}. Answer again, with the JSON object only.";
        Turn[] turns = string.IsNullOrWhiteSpace(reply)
            ? [new Turn(IsModel: false, $"{userPrompt}\n{mend}")]
            : [new Turn(IsModel: false, userPrompt), new Turn(IsModel: true, reply), new Turn(IsModel: false, mend)];
        (answer, problem, _, _) = await TryAsync(systemPrompt, turns, cancellationToken);
        return (answer, problem);
    }

    private async Task<(ModelAnswer? Answer, string? Problem, bool IsFinal, string Reply)> TryAsync(
        string systemPrompt, IReadOnlyList<Turn> turns, CancellationToken cancellationToken)
    {
        var reply = await model.AskAsync(systemPrompt, turns, cancellationToken);
        InputTokens += reply.InputTokens;
        OutputTokens += reply.OutputTokens;
        switch (reply.StopReason)
        {
            case "content_filtered":
                return (null, "Bedrock's content filter held the answer back", true, "");
            case "guardrail_intervened":
                return (null, "a Bedrock guardrail held the answer back", true, "");
        }

        var (answer, problem) = AnswerParser.Parse(reply.Text);
        if (answer is null && reply.StopReason == "max_tokens")
            problem = "it was cut off for its length, so keep it much shorter";
        return (answer, problem, false, reply.Text);
    }
}
