using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>May the caller do something?</summary>
public sealed record V1SelfSubjectAccessReview : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public required V1SelfSubjectAccessReviewSpec Spec { get; set; }
    public V1SubjectAccessReviewStatus Status { get; set; }
}

/// <summary>What is asked.</summary>
public sealed record V1SelfSubjectAccessReviewSpec
{
    public V1ResourceAttributes ResourceAttributes { get; set; }
}

/// <summary>May somebody do something?</summary>
public sealed record V1SubjectAccessReview : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; }
    public string Kind { get; set; }
    public V1ObjectMeta Metadata { get; set; }
    public required V1SubjectAccessReviewSpec Spec { get; set; }
    public V1SubjectAccessReviewStatus Status { get; set; }
}

/// <summary>Who, and what is asked.</summary>
public sealed record V1SubjectAccessReviewSpec
{
    public string User { get; set; }
    public IList<string> Groups { get; set; }
    public string Uid { get; set; }
    public IDictionary<string, IList<string>> Extra { get; set; }
    public V1ResourceAttributes ResourceAttributes { get; set; }
}

/// <summary>A verb on objects. Without a name it is about all of them, without a namespace about all namespaces.</summary>
public sealed record V1ResourceAttributes
{
    /// <summary><c>get</c>, <c>list</c>, <c>patch</c>, <c>create</c>, <c>delete</c>, ...</summary>
    public string Verb { get; set; }

    /// <summary>Empty: the core group.</summary>
    public string Group { get; set; }
    public string Version { get; set; }

    /// <summary>Plural, in lower case.</summary>
    public string Resource { get; set; }
    public string Subresource { get; set; }

    [JsonPropertyName("namespace")]
    public string NamespaceProperty { get; set; }
    public string Name { get; set; }
}

/// <summary>The answer.</summary>
public sealed record V1SubjectAccessReviewStatus
{
    public required bool Allowed { get; set; }

    /// <summary>True when it is denied outright, not just allowed by nobody.</summary>
    public bool? Denied { get; set; }
    public string Reason { get; set; }
    public string EvaluationError { get; set; }
}
