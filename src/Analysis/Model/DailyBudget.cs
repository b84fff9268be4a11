namespace AlertResponder.Analysis.Model;

/// <summary>What the model has cost today (UTC), against the day's limit. Counts from the start of the process.</summary>
internal sealed class DailyBudget(decimal limitUsd, TimeProvider time)
{
    private readonly Lock gate = new();
    private DateOnly day;
    private decimal spent;

    public decimal LimitUsd => limitUsd;

    public decimal SpentUsd
    {
        get
        {
            lock (gate)
            {
                return Today();
            }
        }
    }

    public bool Allows(decimal costUsd)
    {
        lock (gate)
        {
            return Today() + costUsd <= limitUsd;
        }
    }

    public void Spend(decimal costUsd)
    {
        lock (gate)
        {
            spent = Today() + costUsd;
        }
    }

    private decimal Today()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (today != day)
        {
            day = today;
            spent = 0;
        }

        return spent;
    }
}
