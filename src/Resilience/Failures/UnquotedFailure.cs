using System.Text;

namespace AlertResponder.Resilience.Failures;

/// <summary>A failure for the log, without its message: that may quote what was read, which nobody has redacted.</summary>
public static class UnquotedFailure
{
    /// <summary>What was thrown, its causes, and where.</summary>
    public static string Of(Exception failure)
    {
        var text = new StringBuilder();
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            text.Append(text.Length > 0 ? "because of " : "").Append(cause.GetType().FullName).AppendLine().AppendLine(cause.StackTrace);
        }

        return text.ToString().TrimEnd();
    }
}
