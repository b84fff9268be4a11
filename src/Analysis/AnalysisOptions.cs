using System.ComponentModel.DataAnnotations;
using AlertResponder.Analysis.Prompt;

namespace AlertResponder.Analysis;

/// <summary>Section <c>Analysis</c>.</summary>
public sealed class AnalysisOptions : IValidatableObject
{
    public const string Section = "Analysis";

    /// <summary>The model's system prompt; a relative path starts at the application's folder, then at the current one.</summary>
    [Required(ErrorMessage = "Analysis:SystemPromptFile is empty. Name a file, or leave the key out for the shipped example.")]
    public string SystemPromptFile { get; set; } = "Prompts/system-prompt.md";

    /// <summary>What the model may cost in a day (UTC); 0 turns the model off.</summary>
    [Range(typeof(decimal), "0", "1000", ErrorMessage = "Analysis:DailyBudgetUsd must be from 0 to 1000, in US dollars.")]
    public decimal DailyBudgetUsd { get; set; } = 1.00m;

    /// <summary>Input tokens of one prompt, system prompt included, by <see cref="TokenEstimate"/>.</summary>
    [Range(1_000, 100_000, ErrorMessage = "Analysis:InputTokenBudget must be from 1000 to 100000 tokens.")]
    public int InputTokenBudget { get; set; } = 1_500;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(SystemPromptFile))
            yield break;
        if (SystemPrompt.TryRead(SystemPromptFile) is not { } prompt)
        {
            yield return new ValidationResult(
                $"Analysis:SystemPromptFile names no readable file, or an empty one ('{SystemPromptFile}'). Correct the path, or leave the key out for the shipped example.",
                [nameof(SystemPromptFile)]);
        }
        else if (TokenEstimate.Of(prompt) is var tokens && InputTokenBudget - tokens < UserPrompt.LeastTokens)
        {
            yield return new ValidationResult(
                $"Analysis:InputTokenBudget of {InputTokenBudget} leaves no room beside a system prompt of {tokens} tokens. Set it to {tokens + UserPrompt.LeastTokens} or more, or shorten the file.",
                [nameof(InputTokenBudget)]);
        }
    }
}
