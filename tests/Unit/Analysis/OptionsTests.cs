using System.ComponentModel.DataAnnotations;
using AlertResponder.Analysis;
using AlertResponder.Analysis.Model;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class OptionsTests
{
    private static string[] Errors(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage!)];
    }

    [Fact]
    public void Validate_Defaults_AreValid()
    {
        Errors(new AnalysisOptions()).ShouldBeEmpty();
        Errors(new BedrockOptions()).ShouldBeEmpty();
    }

    [Fact]
    public void Validate_BadValues_SayTheFix()
    {
        Errors(new AnalysisOptions { DailyBudgetUsd = -1, InputTokenBudget = 10 }).Length.ShouldBe(2);
        Errors(new AnalysisOptions { SystemPromptFile = "no/such/file.md" }).ShouldHaveSingleItem().ShouldContain("Correct the path");
        Errors(new AnalysisOptions { InputTokenBudget = 1_000 }).ShouldHaveSingleItem().ShouldContain("or shorten the file");
        Errors(new BedrockOptions { ModelId = "amazon.nova-pro-v1:0" }).ShouldHaveSingleItem().ShouldContain("has no price");
    }

    [Theory]
    [InlineData("amazon.nova-micro-v1:0")]
    [InlineData("eu.amazon.nova-micro-v1:0")]
    public void Cost_NovaMicro_IsByTheMillion(string modelId) =>
        ModelPrice.Of(new BedrockOptions().Prices, modelId).ShouldNotBeNull().Cost(1_000_000, 1_000_000).ShouldBe(0.175m);

    [Fact]
    public void Cost_OwnPrice_BeatsTheShipped()
    {
        var options = new BedrockOptions();
        options.Prices.Add(new ModelPrice { ModelId = "amazon.nova-micro-v1:0", InputUsdPerMillion = 1m, OutputUsdPerMillion = 2m });

        ModelPrice.Of(options.Prices, options.ModelId).ShouldNotBeNull().Cost(1_000_000, 500_000).ShouldBe(2m);
    }
}
