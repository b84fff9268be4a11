using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AlertResponder.Incidents.Audit;

/// <summary>The hash that chains a row to the one before.</summary>
internal static class AuditHash
{
    /// <summary>What the first row has before it.</summary>
    public static readonly string None = new('0', 64);

    /// <param name="sequence">The row's place.</param>
    /// <param name="record">What it tells.</param>
    /// <param name="previousHash">Of the row before.</param>
    public static string Of(long sequence, AuditRecord record, string previousHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string?[] fields =
        [
            sequence.ToString(CultureInfo.InvariantCulture),
            record.Id.ToString("D"),
            (record.At.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture),
            record.Step.ToString(),
            record.IncidentId.ToString("D"),
            record.ProposalId.ToString("D"),
            record.Actor,
            record.Channel,
            record.Action,
            record.Target,
            record.Reason,
            record.Before,
            record.After,
            previousHash,
        ];
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            // The length goes first, so that no text can move from one field into the next; none is not empty.
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string Of(AuditEntry entry) => Of(
        entry.Sequence,
        new AuditRecord(
            entry.Id, entry.At, entry.Step, entry.IncidentId, entry.ProposalId, entry.Actor, entry.Channel, entry.Action, entry.Target,
            entry.Reason, entry.Before, entry.After),
        entry.PreviousHash);
}
