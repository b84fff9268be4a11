namespace k8s.Models;

/// <summary>The version of the API server.</summary>
public sealed record VersionInfo
{
    public required string Major { get; set; }

    /// <summary>May end in a plus.</summary>
    public required string Minor { get; set; }

    /// <summary>Such as <c>v1.32.3+k3s1</c>.</summary>
    public required string GitVersion { get; set; }
    public required string GitCommit { get; set; }
    public required string GitTreeState { get; set; }
    public required string BuildDate { get; set; }
    public required string GoVersion { get; set; }
    public required string Compiler { get; set; }
    public required string Platform { get; set; }
}
