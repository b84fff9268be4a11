using k8s.Models;
using static k8s.RelativeUri;

namespace k8s;

/// <summary>The group <c>authorization.k8s.io/v1</c>: who may do what.</summary>
public interface IAuthorizationV1Operations
{
    internal AbstractKubernetes Client { get; }
}

/// <summary>
/// Questions that the server answers in the status of what it gives back; nothing is kept. They throw
/// <see cref="Autorest.HttpOperationException"/> when the server refuses to say.
/// </summary>
public static class AuthorizationV1OperationsExtensions
{
    private const string Group = "apis/authorization.k8s.io/v1";

    /// <summary>May the caller do it?</summary>
    public static Task<V1SelfSubjectAccessReview> CreateSelfSubjectAccessReviewAsync(
        this IAuthorizationV1Operations operations,
        V1SelfSubjectAccessReview body,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.CreateAsync<V1SelfSubjectAccessReview>(
            $"{Group}/selfsubjectaccessreviews" + Change(dryRun, fieldManager, fieldValidation), body, cancellationToken);

    /// <summary>May that user do it?</summary>
    public static Task<V1SubjectAccessReview> CreateSubjectAccessReviewAsync(
        this IAuthorizationV1Operations operations,
        V1SubjectAccessReview body,
        string dryRun = null,
        string fieldManager = null,
        string fieldValidation = null,
        CancellationToken cancellationToken = default) =>
        operations.Client.CreateAsync<V1SubjectAccessReview>(
            $"{Group}/subjectaccessreviews" + Change(dryRun, fieldManager, fieldValidation), body, cancellationToken);
}
