using AlertResponder.Simulators.Bedrock;

namespace AlertResponder.Host.Lab.Evaluation;

/// <summary>Who helps the rules.</summary>
internal enum EvaluationModel
{
    None,
    Simulated,
    Bedrock,
}

/// <summary>What it takes to ask the model.</summary>
internal static class EvaluationModels
{
    private const string AccessKey = "AKIASIMULATED";
    private const string SecretKey = "simulated-secret";
    private const string Region = "us-east-1";
    private static readonly string[] OfTheModel = ["AWS_", "Bedrock", "Analysis"];

    /// <summary>How scores are labelled: they say little without it.</summary>
    public static string Label(this EvaluationModel model) => model switch
    {
        EvaluationModel.None => "rules only",
        EvaluationModel.Simulated => "simulated model",
        _ => "real model",
    };

    public static async Task<BedrockSimulator?> StartAsync(this EvaluationModel model, CancellationToken cancellationToken)
    {
        if (model != EvaluationModel.Simulated)
            return null;
        var bedrock = await BedrockSimulator.StartAsync(AccessKey, SecretKey, Region, cancellationToken: cancellationToken);
        bedrock.AnswerWith(RuleMadeAnswer.To);
        return bedrock;
    }

    /// <summary>Nothing of the surroundings but where the real model is asked.</summary>
    /// <param name="model">Which one.</param>
    /// <param name="bedrock">Of the simulated one.</param>
    /// <param name="surroundings">The configuration as the application sees it.</param>
    public static IReadOnlyDictionary<string, string?> Settings(this EvaluationModel model, BedrockSimulator? bedrock, IConfiguration surroundings) => model switch
    {
        EvaluationModel.None => new Dictionary<string, string?>(StringComparer.Ordinal) { ["Analysis:DailyBudgetUsd"] = "0" },
        EvaluationModel.Simulated => new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AWS_ACCESS_KEY_ID"] = AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
            ["Bedrock:Region"] = Region,
            ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = bedrock!.Address.ToString().TrimEnd('/'),
        },
        _ => surroundings.AsEnumerable()
            .Where(setting => OfTheModel.Any(prefix => setting.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.OrdinalIgnoreCase),
    };
}
