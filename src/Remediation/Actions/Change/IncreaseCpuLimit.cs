using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Actions.Change;

internal sealed class IncreaseCpuLimit() : IncreaseLimit("increase-cpu-limit", "cpu", "CPU")
{
    protected override string UsedFact => FactNames.UsedCpu;

    protected override string AllocatableFact => FactNames.AllocatableCpu;

    protected override string Cap(RemediationOptions options) => options.MaxCpu;
}
