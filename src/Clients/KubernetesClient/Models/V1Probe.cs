using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>How the kubelet asks a container for its health; one of the four actions is set. Times in seconds.</summary>
public sealed record V1Probe
{
    public V1HTTPGetAction HttpGet { get; set; }
    public V1TCPSocketAction TcpSocket { get; set; }
    public V1ExecAction Exec { get; set; }
    public V1GRPCAction Grpc { get; set; }
    public int? InitialDelaySeconds { get; set; }
    public int? PeriodSeconds { get; set; }
    public int? TimeoutSeconds { get; set; }
    public int? SuccessThreshold { get; set; }
    public int? FailureThreshold { get; set; }
    public long? TerminationGracePeriodSeconds { get; set; }
}

/// <summary>Healthy when a GET answers 200 to 399.</summary>
public sealed record V1HTTPGetAction
{
    public required IntOrString Port { get; set; }
    public string Path { get; set; }
    public string Host { get; set; }
    public string Scheme { get; set; }

    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement> Rest { get; set; }
}

/// <summary>Healthy when the port accepts a connection.</summary>
public sealed record V1TCPSocketAction
{
    public required IntOrString Port { get; set; }
    public string Host { get; set; }
}

/// <summary>Healthy when the command exits with 0.</summary>
public sealed record V1ExecAction
{
    public IList<string> Command { get; set; }
}

/// <summary>Healthy when the gRPC health service says so.</summary>
public sealed record V1GRPCAction
{
    public required int Port { get; set; }
    public string Service { get; set; }
}
