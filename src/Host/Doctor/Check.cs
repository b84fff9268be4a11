using AlertResponder.Host.Commands;

namespace AlertResponder.Host.Doctor;

/// <summary>Looks at one thing that the pipeline needs.</summary>
/// <param name="Subject">What.</param>
/// <param name="Fix">What to do when it does not answer, without a full stop.</param>
/// <param name="ExamineAsync">Looks; what is known to go wrong is a finding.</param>
internal sealed record Check(string Subject, string Fix, Func<CancellationToken, Task<IReadOnlyList<Finding>>> ExamineAsync)
{
    /// <summary>Examines, for so long at most, whatever happens.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Off this thread, and not waited for beyond the limit: some clients block, or don't look at the token.
            return await Task.Run(() => ExamineAsync(either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Fail(Subject, limit.IsCancellationRequested ? $"no answer within {timeout.TotalSeconds:0} s" : "no answer in time", Fix)];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return [Finding.Fail(Subject, ForeignLine.Of(e.Message).TrimEnd('.'), Fix)];
        }
    }
}
