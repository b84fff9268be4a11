using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>Bedrock takes a SigV4 signature or, when AWSSDK.Core finds one configured, a Bedrock API key as bearer token.</summary>
internal sealed class BedrockRuntimeAuthSchemeHandler : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
        [.. AuthSchemeOption.DEFAULT_SIGV4, .. AuthSchemeOption.DEFAULT_BEARER];
}
