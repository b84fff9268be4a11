using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Api;

/// <summary>The API server refuses a request, from wherever in its handling; the answer says why.</summary>
internal sealed class RejectedException(Answer answer) : Exception
{
    public Answer Answer { get; } = answer;
}
