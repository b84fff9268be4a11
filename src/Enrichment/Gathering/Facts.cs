using System.Globalization;
using AlertResponder.Contracts;
using AlertResponder.Redaction;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Facts under the names of <see cref="FactNames"/>; what is unknown stays absent.</summary>
internal sealed class Facts
{
    private const int LongestValue = 2048;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public Facts Set(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            // Before it is cut: half of a secret is no longer recognised.
            var redacted = Redactor.Redact(value);
            values[name] = BoundedText.Cut(redacted, LongestValue);
        }

        return this;
    }

    public Facts Set(string name, int? value) => Set(name, value?.ToString(CultureInfo.InvariantCulture));

    public Facts Set(string name, long? value) => Set(name, value?.ToString(CultureInfo.InvariantCulture));

    public Facts Set(string name, bool? value) => Set(name, value switch { true => "true", false => "false", null => null });

    public Facts Set(string name, DateTime? value) => Set(name, value is { } time ? Times.Text(time) : null);

    /// <summary>The facts, redacted.</summary>
    public IReadOnlyDictionary<string, string> Values => values;
}
