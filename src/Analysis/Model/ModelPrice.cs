namespace AlertResponder.Analysis.Model;

/// <summary>What one model's tokens cost.</summary>
public sealed class ModelPrice
{
    /// <summary>The model id without a cross-region prefix such as <c>eu.</c>.</summary>
    public string ModelId { get; set; } = "";

    /// <summary>US dollars for a million input tokens.</summary>
    public decimal InputUsdPerMillion { get; set; }

    /// <summary>US dollars for a million output tokens.</summary>
    public decimal OutputUsdPerMillion { get; set; }

    /// <summary>US dollars for so many tokens.</summary>
    public decimal Cost(int inputTokens, int outputTokens) =>
        ((inputTokens * InputUsdPerMillion) + (outputTokens * OutputUsdPerMillion)) / 1_000_000m;

    /// <summary>The last entry for the model, or for the model behind an inference profile (<c>eu.</c> + model id); null without one.</summary>
    public static ModelPrice? Of(IEnumerable<ModelPrice> prices, string modelId) =>
        prices.LastOrDefault(price => price.ModelId.Length > 0
            && (modelId == price.ModelId || modelId.EndsWith("." + price.ModelId, StringComparison.Ordinal)));
}
