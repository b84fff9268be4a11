using System.ComponentModel.DataAnnotations;
using AlertResponder.Analysis.Model;

namespace AlertResponder.Analysis;

/// <summary>
/// Section <c>Bedrock</c>. Credentials and <c>AWS_ENDPOINT_URL_BEDROCK_RUNTIME</c> are as the AWS SDKs have them.
/// </summary>
public sealed class BedrockOptions : IValidatableObject
{
    public const string Section = "Bedrock";

    /// <summary>A model id or an inference profile id of the Converse API.</summary>
    [Required(ErrorMessage = "Bedrock:ModelId is empty. Name a model, or leave the key out for amazon.nova-micro-v1:0.")]
    public string ModelId { get; set; } = "amazon.nova-micro-v1:0";

    /// <summary>AWS region; null for the AWS default (<c>AWS_REGION</c>, profile).</summary>
    public string? Region { get; set; }

    /// <summary>
    /// What tokens cost; of two entries for one model the later counts. Shipped: Nova Micro, on demand in us-east-1 (USD per million
    /// tokens). Source: https://aws.amazon.com/bedrock/pricing/
    /// </summary>
    public IList<ModelPrice> Prices { get; } =
    [
        new() { ModelId = "amazon.nova-micro-v1:0", InputUsdPerMillion = 0.035m, OutputUsdPerMillion = 0.14m },
    ];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Without a price the daily budget would bound nothing.
        if (!string.IsNullOrWhiteSpace(ModelId) && ModelPrice.Of(Prices, ModelId) is null)
        {
            yield return new ValidationResult(
                $"Bedrock:ModelId {ModelId} has no price. Add Bedrock:Prices:0:ModelId, :InputUsdPerMillion and :OutputUsdPerMillion.",
                [nameof(Prices)]);
        }

        if (Prices.Any(price => price.InputUsdPerMillion < 0 || price.OutputUsdPerMillion < 0))
            yield return new ValidationResult("Bedrock:Prices must not be negative.", [nameof(Prices)]);
    }
}
