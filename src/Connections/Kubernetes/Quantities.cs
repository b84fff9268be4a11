using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// Amounts such as <c>1500m</c> and <c>2Gi</c>, within what Kubernetes itself allows. The package raises ten to any power, and <c>1e2000000000</c> ends
/// the process. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
/// </summary>
public static partial class Quantities
{
    private const int LongestText = 64;

    // 2^63-1, the largest amount, has 19 digits.
    private const int LargestExponent = 19;

    /// <summary>An amount; one that is too large becomes the largest, as in Kubernetes.</summary>
    /// <param name="text">As written.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static ResourceQuantity Parse(string? text)
    {
        if (text?.Trim() is not { Length: > 0 and <= LongestText } trimmed || Form().Match(trimmed) is not { Success: true } match)
        {
            throw new FormatException("There is a quantity that is none");
        }

        var mantissa = match.Groups["mantissa"].Value;
        var digits = mantissa.Split('.')[0].TrimStart('0').Length;
        if (match.Groups["exponent"] is { Success: true } exponent)
        {
            if (mantissa.All(c => c is '0' or '.'))
            {
                return new ResourceQuantity("0");
            }

            if (!int.TryParse(exponent.Value, CultureInfo.InvariantCulture, out var power) || power is > LargestExponent or < -LongestText)
            {
                return exponent.Value.StartsWith('-') ? new ResourceQuantity("0") : Largest(match);
            }
        }

        return digits > LargestExponent ? Largest(match) : Capped(new ResourceQuantity(trimmed), match);
    }

    private static ResourceQuantity Capped(ResourceQuantity quantity, Match match) => Math.Abs(quantity.ToDouble()) > (double)ResourceQuantity.MaxAllowed ? Largest(match) : quantity;

    private static ResourceQuantity Largest(Match match) => new(match.Groups["minus"].Success ? -ResourceQuantity.MaxAllowed : ResourceQuantity.MaxAllowed, 0, ResourceQuantity.SuffixFormat.DecimalSI);

    [GeneratedRegex(
        @"\A(?:(?<minus>-)|\+)?(?<mantissa>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE](?<exponent>[+-]?[0-9]+)|[numkMGTPE]|[KMGTPE]i)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    /// <summary>For the client's JSON.</summary>
    internal sealed class Converter : JsonConverter<ResourceQuantity>
    {
        public override ResourceQuantity? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => Parse(reader.GetString()),
            JsonTokenType.Number when !reader.HasValueSequence => Parse(Encoding.ASCII.GetString(reader.ValueSpan)),
            _ => throw new JsonException("There is a quantity that is none"),
        };

        public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
