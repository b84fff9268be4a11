namespace k8s.Models;

/// <summary>What the API server answers when it refuses or fails: the body of a <see cref="k8s.Autorest.HttpOperationException"/>.</summary>
public sealed record V1Status : IKubernetesObject<V1ListMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ListMeta Metadata { get; set; }

    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    public string Status { get; set; }

    /// <summary>The HTTP status.</summary>
    public int? Code { get; set; }

    /// <summary>One word for programs: <c>NotFound</c>, <c>Forbidden</c>, <c>TooManyRequests</c>, ...</summary>
    public string Reason { get; set; }

    /// <summary>For people.</summary>
    public string Message { get; set; }
    public V1StatusDetails Details { get; set; }
}

/// <summary>What a <see cref="V1Status"/> is about.</summary>
public sealed record V1StatusDetails
{
    public string Group { get; set; }
    public string Kind { get; set; }
    public string Name { get; set; }
    public string Uid { get; set; }

    /// <summary>How long to wait, in seconds; the Retry-After header says the same.</summary>
    public int? RetryAfterSeconds { get; set; }
    public IList<V1StatusCause> Causes { get; set; }
}

/// <summary>One reason of a <see cref="V1Status"/>.</summary>
public sealed record V1StatusCause
{
    public string Field { get; set; }
    public string Reason { get; set; }
    public string Message { get; set; }
}
