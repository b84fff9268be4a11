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

    /// <summary>Sets the most that a call may cost aside, so that calls at the same time cannot pass the limit together.</summary>
    public bool TryReserve(decimal costUsd)
    {
        lock (gate)
        {
            if (Today() + costUsd > limitUsd)
                return false;
            spent += costUsd;
            return true;
        }
    }

    /// <summary>Puts what the call did cost in the place of what was reserved for it.</summary>
    public void Settle(decimal reservedUsd, decimal costUsd)
    {
        lock (gate)
        {
            // A reservation of yesterday is gone already.
            spent = Math.Max(0, Today() - reservedUsd) + costUsd;
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
