using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>The endpoint by Amazon's rules: the caller's own URL, else the region's host in its partition.</summary>
internal sealed class BedrockRuntimeEndpointProvider : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var url = (string)parameters["Endpoint"];
        var region = (string)parameters["Region"];
        var fips = (bool)parameters["UseFIPS"];
        var dualStack = (bool)parameters["UseDualStack"];

        if (!string.IsNullOrEmpty(url))
        {
            return fips || dualStack
                ? throw new AmazonClientException("A custom endpoint excludes FIPS and dual-stack endpoints: unset either.")
                : new Endpoint(url);
        }

        var partition = string.IsNullOrEmpty(region) ? null : Fn.Partition(region);
        if (partition is null)
            throw new AmazonClientException("No region is configured for Amazon Bedrock: set AWS_REGION or the client's RegionEndpoint.");
        if ((fips && !partition.supportsFIPS) || (dualStack && !partition.supportsDualStack))
            throw new AmazonClientException($"Partition {partition.name} has no such endpoint (FIPS: {fips}, dual-stack: {dualStack}).");

        var suffix = dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix;
        return new Endpoint($"https://bedrock-runtime{(fips ? "-fips" : "")}.{region}.{suffix}");
    }
}
