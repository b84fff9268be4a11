namespace AlertResponder.Simulators.Traffic;

/// <summary>Which calls go wrong, and how. The plan that was made first and still applies decides.</summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>The next calls go wrong.</summary>
    /// <param name="count">How many.</param>
    /// <param name="fault">How.</param>
    /// <param name="when">Which calls count; null for all.</param>
    public void Next(int count, Fault fault, Func<RecordedRequest, bool>? when = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Add(new Entry(fault, when, count));
    }

    /// <summary>Calls go wrong until the outage is disposed of, or <see cref="Clear"/>.</summary>
    /// <param name="fault">How.</param>
    /// <param name="when">Which calls; null for all.</param>
    public IDisposable Always(Fault fault, Func<RecordedRequest, bool>? when = null)
    {
        var entry = new Entry(fault, when, null);
        Add(entry);
        return new Outage(this, entry);
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Clear()
    {
        lock (_lock)
            _entries.Clear();
    }

    internal Fault? Take(RecordedRequest request)
    {
        lock (_lock)
        {
            var entry = _entries.Find(candidate => candidate.When is null || candidate.When(request));
            if (entry is { Left: not null } && --entry.Left == 0)
                _entries.Remove(entry);
            return entry?.Fault;
        }
    }

    private void Add(Entry entry)
    {
        lock (_lock)
            _entries.Add(entry);
    }

    private void Remove(Entry entry)
    {
        lock (_lock)
            _entries.Remove(entry);
    }

    private sealed class Entry(Fault fault, Func<RecordedRequest, bool>? when, int? left)
    {
        public Fault Fault { get; } = fault;

        public Func<RecordedRequest, bool>? When { get; } = when;

        /// <summary>Null for "until told otherwise".</summary>
        public int? Left { get; set; } = left;
    }

    private sealed class Outage(FaultPlan plan, Entry entry) : IDisposable
    {
        public void Dispose() => plan.Remove(entry);
    }
}
