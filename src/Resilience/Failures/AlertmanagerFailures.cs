using System.Net;

namespace AlertResponder.Resilience.Failures;

/// <summary>Sorts what calls to Alertmanager throw: the statuses mean there what they mean everywhere.</summary>
internal static class AlertmanagerFailures
{
    public static Failure Sort(Exception exception) => exception switch
    {
        // A redirect is not followed, and leads to the same place every time.
        FailedAnswerException { StatusCode: < HttpStatusCode.BadRequest } => new Failure(FailureKind.Permanent),
        FailedAnswerException answer => NetworkFailures.Sort(answer) with { RetryAfter = answer.RetryAfter },
        _ => NetworkFailures.Sort(exception),
    };
}
