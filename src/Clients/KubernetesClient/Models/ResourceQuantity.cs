using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>
/// An exact amount such as <c>250m</c>, <c>512Mi</c> or <c>1e3</c>, in the resource's own unit (cores, bytes, pieces).
/// It is written back in the kind of suffix that it was read with. Equal amounts are equal: <c>1024Mi</c> and <c>1Gi</c>.
/// </summary>
[JsonConverter(typeof(ResourceQuantityJsonConverter))]
public sealed class ResourceQuantity : IEquatable<ResourceQuantity>
{
    /// <summary>The kind of suffix.</summary>
    public enum SuffixFormat
    {
        /// <summary><c>12e6</c>.</summary>
        DecimalExponent,

        /// <summary><c>12Mi</c>: powers of 1024.</summary>
        BinarySI,

        /// <summary><c>12M</c>, <c>250m</c>: powers of 1000.</summary>
        DecimalSI,
    }

    // Far beyond what the API server accepts, and small enough to compute with.
    private const int LargestExponent = 400;

    private static readonly string[] BinarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    private static readonly string[] DecimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private const int SmallestDecimalExponent = -9;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789");

    // The amount is _digits × 10^_exponent, where _digits does not end in a zero: every suffix is a power of ten, or a whole number.
    private readonly BigInteger _digits;
    private readonly int _exponent;

    /// <summary><paramref name="n"/> × 10^<paramref name="exp"/>.</summary>
    public ResourceQuantity(decimal n, int exp, SuffixFormat format)
    {
        (_digits, _exponent) = Parsed(n.ToString(CultureInfo.InvariantCulture));
        if (!_digits.IsZero)
            _exponent = Bounded(_exponent + (long)exp);
        Format = format;
    }

    /// <summary>Reads a quantity; null is zero.</summary>
    /// <exception cref="FormatException">It is not a quantity.</exception>
    /// <exception cref="ArgumentException">Its suffix is unknown.</exception>
    public ResourceQuantity(string v)
    {
        if (v is null)
        {
            Format = SuffixFormat.BinarySI;
            return;
        }

        var text = v.AsSpan().Trim();
        var length = text.IndexOfAnyExcept(NumberCharacters);
        var suffix = length < 0 ? "" : text[length..].ToString();
        (_digits, _exponent) = Parsed(length < 0 ? text : text[..length]);

        if (Array.IndexOf(DecimalSuffixes, suffix) is >= 0 and var thousands)
        {
            Format = SuffixFormat.DecimalSI;
            _exponent += _digits.IsZero ? 0 : SmallestDecimalExponent + 3 * thousands;
        }
        else if (Array.IndexOf(BinarySuffixes, suffix) is >= 0 and var kibis)
        {
            Format = SuffixFormat.BinarySI;
            (_digits, _exponent) = Normalized(_digits << (10 * kibis), _exponent);
            if (Compare(_digits, _exponent, long.MaxValue) > 0)
                (_digits, _exponent) = Normalized(long.MaxValue, 0);
        }
        else if (suffix[0] is 'e' or 'E')
        {
            Format = SuffixFormat.DecimalExponent;
            if (!int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
                throw new FormatException($"{v} is not a quantity: bad exponent");
            _exponent = _digits.IsZero ? 0 : Bounded(_exponent + (long)exponent);
        }
        else
        {
            throw new ArgumentException($"{v} is not a quantity: unknown suffix {suffix}", nameof(v));
        }
    }

    public SuffixFormat Format { get; }

    public static implicit operator ResourceQuantity(string v) => new(v);

    public static implicit operator ResourceQuantity(decimal v) => new(v, 0, SuffixFormat.DecimalExponent);

    public static implicit operator decimal(ResourceQuantity v) => v.ToDecimal();

    public static bool operator ==(ResourceQuantity left, ResourceQuantity right) => Equals(left, right);

    public static bool operator !=(ResourceQuantity left, ResourceQuantity right) => !Equals(left, right);

    /// <summary>Canonical: the largest suffix that leaves a whole number. <c>1.5Gi</c> is <c>1536Mi</c>, <c>0.5</c> is <c>500m</c>.</summary>
    public override string ToString() => CanonicalizeString(Format);

    /// <summary>Canonical, in another kind of suffix. Below 1 Ki, and for fractions of a unit, that is decimal even so.</summary>
    public string CanonicalizeString(SuffixFormat suffixFormat)
    {
        if (_digits.IsZero)
            return "0";
        if (suffixFormat == SuffixFormat.BinarySI && _exponent >= 0 && Compare(BigInteger.Abs(_digits), _exponent, 1024) >= 0)
            return Binary();

        // Finer than the smallest suffix is rounded up.
        var (digits, exponent) = _exponent < SmallestDecimalExponent
            ? Normalized(Ceiling(_digits, SmallestDecimalExponent - _exponent), SmallestDecimalExponent)
            : (_digits, _exponent);
        var step = (exponent - SmallestDecimalExponent) / 3;
        if (suffixFormat != SuffixFormat.DecimalExponent)
            step = Math.Min(step, DecimalSuffixes.Length - 1);
        var unit = SmallestDecimalExponent + 3 * step;
        var number = (digits * BigInteger.Pow(10, exponent - unit)).ToString(CultureInfo.InvariantCulture);
        if (suffixFormat != SuffixFormat.DecimalExponent)
            return number + DecimalSuffixes[step];
        return unit == 0 ? number : string.Create(CultureInfo.InvariantCulture, $"{number}e{unit}");
    }

    /// <exception cref="OverflowException">It does not fit.</exception>
    public decimal ToDecimal()
    {
        if (_exponent >= 0)
            return (decimal)(_digits * BigInteger.Pow(10, _exponent));
        var whole = BigInteger.DivRem(_digits, BigInteger.Pow(10, -_exponent), out var rest);
        const int scale = 28;
        var fraction = -_exponent <= scale ? rest * BigInteger.Pow(10, scale + _exponent) : rest / BigInteger.Pow(10, -_exponent - scale);
        return (decimal)whole + (decimal)fraction / (decimal)BigInteger.Pow(10, scale);
    }

    /// <summary>Without its fraction.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public long ToInt64() => (long)ToBigInteger();

    /// <summary>Without its fraction.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public int ToInt32() => (int)ToBigInteger();

    public double ToDouble() => _exponent >= 0
        ? (double)(_digits * BigInteger.Pow(10, _exponent))
        : double.Parse(string.Create(CultureInfo.InvariantCulture, $"{_digits}e{_exponent}"), CultureInfo.InvariantCulture);

    public bool Equals(ResourceQuantity other) => other is not null && _digits == other._digits && _exponent == other._exponent;

    public override bool Equals(object obj) => Equals(obj as ResourceQuantity);

    public override int GetHashCode() => HashCode.Combine(_digits, _exponent);

    private BigInteger ToBigInteger() =>
        _exponent >= 0 ? _digits * BigInteger.Pow(10, _exponent) : _digits / BigInteger.Pow(10, -_exponent);

    private string Binary()
    {
        var (amount, step) = (ToBigInteger(), 0);
        while (step < BinarySuffixes.Length - 1 && (amount & 1023).IsZero)
            (amount, step) = (amount >> 10, step + 1);
        return amount.ToString(CultureInfo.InvariantCulture) + BinarySuffixes[step];
    }

    private static (BigInteger Digits, int Exponent) Parsed(ReadOnlySpan<char> number)
    {
        var unsigned = number.IsEmpty || number[0] is not ('+' or '-') ? number : number[1..];
        var point = unsigned.IndexOf('.');
        var fraction = point < 0 ? [] : unsigned[(point + 1)..];
        var digits = string.Concat(point < 0 ? unsigned : unsigned[..point], fraction);
        if (digits.Length is 0 or > LargestExponent || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            throw new FormatException($"«{number}» is not the number of a quantity");
        var value = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return Normalized(number[0] == '-' ? -value : value, -fraction.Length);
    }

    private static (BigInteger Digits, int Exponent) Normalized(BigInteger digits, int exponent)
    {
        if (digits.IsZero)
            return (digits, 0);
        while (BigInteger.DivRem(digits, 10, out var rest) is var tenth && rest.IsZero)
            (digits, exponent) = (tenth, exponent + 1);
        return (digits, exponent);
    }

    private static int Bounded(long exponent) => Math.Abs(exponent) <= LargestExponent
        ? (int)exponent
        : throw new FormatException($"10^{exponent} is too large or too small for a quantity");

    private static int Compare(BigInteger digits, int exponent, BigInteger other) => exponent >= 0
        ? (digits * BigInteger.Pow(10, exponent)).CompareTo(other)
        : digits.CompareTo(other * BigInteger.Pow(10, -exponent));

    private static BigInteger Ceiling(BigInteger digits, int powerOfTen)
    {
        var whole = BigInteger.DivRem(digits, BigInteger.Pow(10, powerOfTen), out var rest);
        return rest.Sign > 0 ? whole + 1 : whole;
    }
}

internal sealed class ResourceQuantityJsonConverter : JsonConverter<ResourceQuantity>
{
    public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? reader.GetDouble().ToString(CultureInfo.InvariantCulture)
            : reader.GetString();

    public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
