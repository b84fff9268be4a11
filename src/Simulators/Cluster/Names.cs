using System.Security.Cryptography;
using System.Text;

namespace AlertResponder.Simulators.Cluster;

/// <summary>The parts of names that Kubernetes makes up. They only look random: every run makes the same.</summary>
internal static class Names
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Five letters, as behind a <c>generateName</c>.</summary>
    public static string Random(long number) => Hash($"{number}", 5);

    /// <summary>For instance a pod template's hash.</summary>
    public static string Hash(string text, int length = 10) =>
        string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(text)).Take(length).Select(value => Alphabet[value % Alphabet.Length]));

    public static string Uid(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();
}
