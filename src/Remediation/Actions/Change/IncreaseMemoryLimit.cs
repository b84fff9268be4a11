using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Actions.Change;

internal sealed class IncreaseMemoryLimit() : IncreaseLimit("increase-memory-limit", "memory", "memory")
{
    protected override string UsedFact => FactNames.UsedMemory;

    protected override string AllocatableFact => FactNames.AllocatableMemory;

    protected override string Cap(RemediationOptions options) => options.MaxMemory;
}
