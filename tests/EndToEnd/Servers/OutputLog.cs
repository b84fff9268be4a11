namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>The last lines that a server wrote, over all its runs; what a failed test shows.</summary>
internal sealed class OutputLog
{
    private const int Kept = 4000;
    private readonly Queue<string> lines = new();
    private readonly Lock gate = new();

    public void Add(string line)
    {
        lock (gate)
        {
            lines.Enqueue(line);
            if (lines.Count > Kept)
                lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (gate)
            return string.Join('\n', lines);
    }
}
