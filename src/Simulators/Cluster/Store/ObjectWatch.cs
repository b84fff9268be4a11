using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>Tells of changes, line by line, as they happen.</summary>
internal sealed class ObjectWatch(ObjectStore store, TimeProvider time, Func<Change, bool> matches, Func<JsonObject, JsonObject> shape)
{
    /// <param name="body">Where to.</param>
    /// <param name="after">The resource version that the caller has seen; 0 to begin with what there is.</param>
    /// <param name="timeoutSeconds">Null to go on until the caller leaves.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(Stream body, long after, int? timeoutSeconds, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(
            timeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan,
            time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        // What has been deleted since the beginning is nothing that there is.
        var isFromNow = after == 0;
        try
        {
            while (true)
            {
                var (changes, more) = store.ChangesAfter(after);
                foreach (var change in isFromNow ? Present(changes) : changes.Where(matches))
                    await WriteAsync(body, change, ended.Token);
                if (changes.Count > 0)
                    after = changes[^1].ResourceVersion;
                isFromNow = false;
                await more.WaitAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end that every watch has.
        }
    }

    /// <summary>The last change of every object that is there, as its addition.</summary>
    private IEnumerable<Change> Present(IReadOnlyList<Change> changes) => changes
        .GroupBy(change => (change.Type, change.Item.Namespace(), change.Item.Name()))
        .Select(history => history.Last())
        .Where(change => change.What != "DELETED" && matches(change))
        .Select(change => change with { What = "ADDED" });

    private async Task WriteAsync(Stream body, Change change, CancellationToken cancellationToken)
    {
        var line = new JsonObject { ["type"] = change.What, ["object"] = shape(change.Item.Copy()) };
        await body.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString(JsonText.Options) + "\n"), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
