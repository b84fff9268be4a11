using System.Text;

namespace AlertResponder.Resilience.Failures;

/// <summary>A failure for the log, without its message: that may quote what was read, which nobody has redacted.</summary>
/// <param name="failure">What was thrown.</param>
public sealed class UnquotedException(Exception failure) : Exception(failure.GetType().FullName)
{
    /// <summary>What was thrown, its causes, and where.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            text.Append(text.Length > 0 ? "because of " : "").Append(cause.GetType().FullName).AppendLine().AppendLine(cause.StackTrace);
        }

        return text.ToString().TrimEnd();
    }
}
