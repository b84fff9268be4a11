using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>
/// Which controller an object belongs to, as it was read a while ago: an alert fires for each container of each pod of a workload, and
/// none of them changes its owner. Only what was read is kept, never a guess.
/// </summary>
internal sealed class KnownOwners(TimeProvider time)
{
    /// <summary>The oldest is forgotten for one more.</summary>
    internal const int Most = 4096;

    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<Subject, (Subject Owner, long ReadAt)> owners = [];
    private readonly Queue<Subject> ages = [];

    /// <summary>The owner; null when it was not read lately.</summary>
    public Subject? Of(Subject child)
    {
        lock (gate)
        {
            return owners.TryGetValue(child, out var known) && time.GetElapsedTime(known.ReadAt) < Lifetime ? known.Owner : null;
        }
    }

    public void Keep(Subject child, Subject owner)
    {
        lock (gate)
        {
            if (!owners.ContainsKey(child))
            {
                ages.Enqueue(child);
            }

            owners[child] = (owner, time.GetTimestamp());
            if (ages.Count > Most)
            {
                owners.Remove(ages.Dequeue());
            }
        }
    }
}
