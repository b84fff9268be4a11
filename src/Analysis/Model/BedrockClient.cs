using Amazon;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Microsoft.Extensions.Configuration;

namespace AlertResponder.Analysis.Model;

/// <summary>Builds Bedrock's client as the AWS SDKs are configured everywhere: environment, profile, role.</summary>
internal static class BedrockClient
{
    private const string AccessKey = "AWS_ACCESS_KEY_ID";
    private const string SecretKey = "AWS_SECRET_ACCESS_KEY";
    private const string SessionToken = "AWS_SESSION_TOKEN";
    private const string EndpointUrl = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";

    // Asking the instance metadata service takes seconds where there is none, so a region of ours stands for "there is".
    private static readonly string[] SignsOfCredentials =
    [
        AccessKey, "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_BEARER_TOKEN_BEDROCK", "AWS_SHARED_CREDENTIALS_FILE", "Bedrock:Region",
    ];

    /// <summary>Whether anything says that there are AWS credentials. Nothing is looked up over the network.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        SignsOfCredentials.Any(name => !string.IsNullOrEmpty(configuration[name]))
        || File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws", "credentials"));

    public static IAmazonBedrockRuntime Create(IConfiguration configuration, BedrockOptions options)
    {
        // Retries are the upstream's pipeline's. The second kind has a count of its own: ten more requests where a connection is cut.
        var config = new AmazonBedrockRuntimeConfig { MaxErrorRetry = 0, MaxStaleConnectionRetries = 0 };
        if (!string.IsNullOrEmpty(options.Region))
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
            config.AuthenticationRegion = options.Region;
        }

        // After the region, which would clear it.
        if (configuration[EndpointUrl] is { Length: > 0 } url)
        {
            config.ServiceURL = url;
        }

        return Credentials(configuration) is { } credentials ? new AmazonBedrockRuntimeClient(credentials, config) : new AmazonBedrockRuntimeClient(config);
    }

    // Keys in our own configuration count as those in the environment do; null leaves it to the SDK's chain.
    private static AWSCredentials? Credentials(IConfiguration configuration) => (configuration[AccessKey], configuration[SecretKey], configuration[SessionToken]) switch
    {
        ({ Length: > 0 } key, { Length: > 0 } secret, { Length: > 0 } token) => new SessionAWSCredentials(key, secret, token),
        ({ Length: > 0 } key, { Length: > 0 } secret, _) => new BasicAWSCredentials(key, secret),
        _ => null,
    };
}
