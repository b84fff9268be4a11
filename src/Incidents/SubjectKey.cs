using System.Security.Cryptography;
using System.Text;
using AlertResponder.Contracts;

namespace AlertResponder.Incidents;

/// <summary>The text that a subject is unique by: readable, and short enough for any database's index.</summary>
public static class SubjectKey
{
    /// <summary>The longest key, in characters. PostgreSQL refuses index entries over 2,704 bytes.</summary>
    public const int MaxLength = 200;

    /// <summary>
    /// <c>CronJob/cardboard/price-scraper</c>, with a cluster <c>eu-1@CronJob/cardboard/price-scraper</c>; long ones end in a hash of the whole.
    /// </summary>
    public static string For(Subject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);

        // Escaped, a cluster's name holds neither separator: no other subject can be given the same key.
        var cluster = subject.Cluster is null ? "" : Uri.EscapeDataString(subject.Cluster) + "@";
        var key = $"{cluster}{subject.Kind}/{subject.Namespace}/{subject.Name}";
        if (key.Length <= MaxLength)
        {
            return key;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var length = MaxLength - hash.Length - 1;

        // Half of a surrogate pair is not Unicode, and PostgreSQL refuses it.
        return string.Concat(key.AsSpan(0, char.IsHighSurrogate(key[length - 1]) ? length - 1 : length), "#", hash);
    }
}
