using AlertResponder.Analysis.Model;
using AlertResponder.Analysis.Reuse;
using AlertResponder.Resilience;
using Amazon.BedrockRuntime;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AlertResponder.Analysis;

/// <summary>Analysis: evidence becomes a diagnosis.</summary>
public static class AnalysisServiceCollectionExtensions
{
    /// <summary>Adds analysis, all but its consumer, which the bus registers. The model is asked where AWS is configured.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Sections <c>Analysis</c> and <c>Bedrock</c>, and the AWS SDKs' variables.</param>
    public static IServiceCollection AddAnalysis(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<AnalysisOptions>().Bind(configuration.GetSection(AnalysisOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BedrockOptions>().Bind(configuration.GetSection(BedrockOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddUpstream(UpstreamNames.Bedrock);
        if (BedrockClient.IsConfigured(configuration))
        {
            services.AddSingleton(provider => BedrockClient.Create(configuration, provider.GetRequiredService<IOptions<BedrockOptions>>().Value));
            services.AddSingleton(provider => new BedrockModel(
                provider.GetRequiredService<IAmazonBedrockRuntime>,
                provider.GetRequiredKeyedService<Upstream>(UpstreamNames.Bedrock),
                provider.GetRequiredService<IOptions<BedrockOptions>>().Value));
        }

        return services
            .AddSingleton<Analyst>()
            .AddScoped<ModelLedger>()
            .AddScoped<AnswerMemory>()
            .AddScoped<AnalysisDesk>();
    }

    /// <summary>Adds analysis' consumer to the bus.</summary>
    public static void AddAnalysisConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<ContextEnrichedConsumer, ContextEnrichedConsumerDefinition>();
}
