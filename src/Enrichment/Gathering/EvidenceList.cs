using System.Text;
using AlertResponder.Contracts;
using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Collects evidence in order of worth: redacted, numbered, and within the size that a message may have.</summary>
internal sealed class EvidenceList
{
    /// <summary>The evidence of one message, UTF-8 bytes of text and facts.</summary>
    public const int MaxBytes = 64 * 1024;

    private readonly List<Evidence> items = [];
    private int bytes;

    public IReadOnlyList<Evidence> Items => items;

    /// <summary>How many items did not fit.</summary>
    public int LeftOut { get; private set; }

    public void Add(Observation observation)
    {
        var (kind, source, text, facts, time) = observation;
        var evidence = new Evidence($"e{items.Count + 1}", kind, Redacted(source), Redactor.Redact(text), time, facts.Values);
        var size = Encoding.UTF8.GetByteCount(evidence.Text) + evidence.Facts.Sum(fact => Encoding.UTF8.GetByteCount(fact.Key) + Encoding.UTF8.GetByteCount(fact.Value));
        if (bytes + size > MaxBytes)
        {
            LeftOut++;
            return;
        }

        bytes += size;
        items.Add(evidence);
    }

    // An event names what it is about in words that nobody has checked.
    private static ObjectReference Redacted(ObjectReference source) => source with { Kind = Redactor.Redact(source.Kind), Name = Redactor.Redact(source.Name) };
}
