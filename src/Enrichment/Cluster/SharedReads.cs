namespace AlertResponder.Enrichment.Cluster;

/// <summary>
/// What was read of the cluster a moment ago, for whoever asks the same: in a storm many incidents look at one node. Who asks while it
/// is being read waits for that read. Only what succeeded is kept.
/// </summary>
internal sealed class SharedReads(TimeSpan lifetime)
{
    private const int MostKept = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<(Type Type, string What), Flight> flights = [];
    private readonly Queue<((Type Type, string What) Key, Flight Flight)> ages = [];

    /// <summary>The value of <paramref name="what"/>, of its type: read now, or not longer ago than the lifetime.</summary>
    /// <param name="what">The same words mean the same read.</param>
    /// <param name="notBefore">A timestamp of <paramref name="time"/>: what was asked for earlier is not fresh enough.</param>
    /// <param name="time">The clock.</param>
    /// <param name="read">Is cancelled when nobody waits for it any more.</param>
    /// <param name="cancellationToken">Ends the wait of this caller alone.</param>
    public async Task<T> ReadAsync<T>(string what, long notBefore, TimeProvider time, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = (typeof(T), what);
        var flight = Join(key, notBefore, time, read);
        try
        {
            return (T)await flight.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private Flight Join<T>((Type, string) key, long notBefore, TimeProvider time, Func<CancellationToken, Task<T>> read)
        where T : class
    {
        lock (gate)
        {
            if (flights.TryGetValue(key, out var present) && present.AskedAt >= notBefore && time.GetElapsedTime(present.AskedAt) < lifetime)
            {
                present.Waiting++;
                return present;
            }

            while (ages.TryPeek(out var oldest) && (ages.Count >= MostKept || time.GetElapsedTime(oldest.Flight.AskedAt) >= lifetime))
            {
                ages.Dequeue();
                Forget(oldest.Key, oldest.Flight);
            }

            // Its own source, and a thread of its own: it outlives the caller who happens to be first.
            var abandoned = new CancellationTokenSource();
            var flight = new Flight(time.GetTimestamp(), abandoned.Cancel);
            flight.Value = Task.Run(() => RunAsync(key, flight, read, abandoned.Token), CancellationToken.None);
            flights[key] = flight;
            ages.Enqueue((key, flight));
            return flight;
        }
    }

    private async Task<object> RunAsync<T>((Type, string) key, Flight flight, Func<CancellationToken, Task<T>> read, CancellationToken abandoned)
        where T : class
    {
        try
        {
            return await read(abandoned);
        }
        catch
        {
            lock (gate)
            {
                Forget(key, flight);
            }

            throw;
        }
    }

    private void Leave((Type, string) key, Flight flight)
    {
        lock (gate)
        {
            if (--flight.Waiting > 0 || flight.Value.IsCompleted)
            {
                return;
            }

            Forget(key, flight);
        }

        flight.Abandon();
    }

    private void Forget((Type, string) key, Flight flight)
    {
        if (flights.TryGetValue(key, out var present) && present == flight)
        {
            flights.Remove(key);
        }
    }

    private sealed class Flight(long askedAt, Action abandon)
    {
        public long AskedAt { get; } = askedAt;

        public Action Abandon { get; } = abandon;

        public int Waiting { get; set; } = 1;

        public Task<object> Value { get; set; } = null!;
    }
}
