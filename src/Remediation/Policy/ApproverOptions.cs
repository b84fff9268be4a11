using System.ComponentModel;
using System.Globalization;

namespace AlertResponder.Remediation.Policy;

/// <summary>
/// Who may approve what. As one text it is a Slack user id (<c>U0123ABCD</c>) or, after an <c>@</c>, the id of a user group
/// (<c>@S0123ABCD</c>), for everything; by its settings it can be less.
/// </summary>
[TypeConverter(typeof(FromText))]
public sealed class ApproverOptions
{
    /// <summary>A Slack user id.</summary>
    public string? User { get; set; }

    /// <summary>The id of a Slack user group, instead of a user.</summary>
    public string? Group { get; set; }

    /// <summary>Where; none is everywhere that is opted in, nodes included.</summary>
    public IList<string> Namespaces { get; } = [];

    /// <summary>Names of <see cref="Contracts.RiskClass"/> that may be approved, beside what only reads; none is all.</summary>
    public IList<string> Risks { get; } = [];

    /// <summary>The user's name in Kubernetes: their own rights are asked there, too.</summary>
    public string? KubernetesUser { get; set; }

    /// <summary>The groups of <see cref="KubernetesUser"/>.</summary>
    public IList<string> KubernetesGroups { get; } = [];

    private sealed class FromText : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
        {
            var text = ((string)value).Trim();
            return text.StartsWith('@') ? new ApproverOptions { Group = text[1..] } : new ApproverOptions { User = text };
        }
    }
}
