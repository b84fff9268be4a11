using System.Reflection;
using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules;
using AlertResponder.Tests.Unit.Architecture;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed partial class RulesDocumentTests
{
    [Fact]
    public void Document_OfTheRules_NamesEveryRuleAndNoOther()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "rules.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => RuleName().Matches(line.Split('|')[1]).Select(match => match.Groups["name"].Value));
        var known = typeof(RulesEngine).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(typeof(RulesEngine).Namespace!, StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.IsLiteral && field.FieldType == typeof(string) && field.Name.EndsWith("Name", StringComparison.Ordinal))
            .Select(field => (string)field.GetRawConstantValue()!);

        documented.Order(StringComparer.Ordinal).ShouldBe(known.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`(?<name>[a-z-]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RuleName();
}
