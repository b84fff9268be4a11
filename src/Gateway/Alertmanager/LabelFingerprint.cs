using System.Globalization;
using System.Text;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>
/// Alertmanager's own hash of a label set, for senders that don't tell it: FNV-1a with 64 bits over each name and value in the order of the
/// names' bytes, a byte 255 after each of them. A test compares it with what real Alertmanagers have sent.
/// </summary>
internal static class LabelFingerprint
{
    private const ulong Offset = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    public static string Of(IReadOnlyDictionary<string, string> labels)
    {
        var hash = Offset;
        foreach (var (name, value) in labels.Select(label => (Encoding.UTF8.GetBytes(label.Key), Encoding.UTF8.GetBytes(label.Value))).OrderBy(label => label.Item1, ByBytes))
        {
            hash = Add(Add(hash, name), value);
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));

    private static ulong Add(ulong hash, byte[] text)
    {
        foreach (var octet in text)
        {
            hash = unchecked((hash ^ octet) * Prime);
        }

        return unchecked((hash ^ 255) * Prime);
    }
}
