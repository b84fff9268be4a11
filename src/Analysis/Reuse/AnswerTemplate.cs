using System.Text.RegularExpressions;
using AlertResponder.Analysis.Check;
using AlertResponder.Analysis.Model;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Reuse;

/// <summary>A checked answer with places for what varies, so that it can be told of the next firing in that one's own names.</summary>
/// <param name="Answer">Names are <c>{0}</c>, <c>{1}</c>...; what it cites are shapes of evidence.</param>
/// <param name="Places">For each name the shape of the evidence that was read from the object by this name.</param>
internal sealed partial record AnswerTemplate(ModelAnswer Answer, IReadOnlyList<string> Places)
{
    /// <summary>
    /// Null when all of the answer lives of what varies. Where only its cause does, that is left empty: the rules have one for each firing.
    /// </summary>
    public static AnswerTemplate? Of(ModelAnswer answer, ContextEnriched context, EvidenceSignature signature)
    {
        var places = new List<string>();
        var names = new List<string>();
        var seen = Quantities.AllIn(signature.Stable);
        var cause = Stable(answer.Cause) ?? "";
        string[] sentences = [.. AnswerCheck.Sentences(answer.Explanation).Select(Stable).OfType<string>()];
        if (cause.Length == 0 && sentences.Length == 0)
            return null;
        var evidence = answer.EvidenceIds.Select(signature.ShapeOf).OfType<string>().Distinct(StringComparer.Ordinal);
        return new AnswerTemplate(
            answer with { Cause = cause, Explanation = string.Join(' ', sentences), EvidenceIds = [.. evidence], Commands = [.. answer.Commands.Select(Placed).OfType<string>()] },
            places);

        // Numbers and times of this firing alone have no place.
        string? Stable(string text)
        {
            var placed = Placed(text);
            return placed is not null
                && signature.Varying.Text(placed) == placed
                && Quantities.In(PlaceMark().Replace(placed, "")).All(readings => readings.Any(reading => Quantities.IsSeen(reading, seen)))
                ? placed
                : null;
        }

        string? Placed(string text)
        {
            if (text.Contains('{', StringComparison.Ordinal))
                return null;
            foreach (var name in signature.Varying.Names)
            {
                for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
                {
                    if (!Varying.IsWhole(text, at, name.Length))
                        continue;
                    if (Place(name) is not { } place)
                        return null;
                    text = $"{text[..at]}{{{place}}}{text[(at + name.Length)..]}";
                }
            }

            return text;
        }

        int? Place(string name)
        {
            if (context.Evidence.FirstOrDefault(item => item.Source.Name == name) is not { } item || signature.ShapeOf(item.Id) is not { } shape)
                return null;
            var place = places.IndexOf(shape);
            if (place < 0)
            {
                places.Add(shape);
                names.Add(name);
                return places.Count - 1;
            }

            // Two that look the same cannot be told apart the next time.
            return names[place] == name ? place : null;
        }
    }

    /// <summary>The answer for another firing; null when that has nothing in one of the places.</summary>
    public ModelAnswer? For(ContextEnriched context, EvidenceSignature signature)
    {
        var names = new string?[Places.Count];
        for (var place = 0; place < names.Length; place++)
        {
            names[place] = context.Evidence.FirstOrDefault(item => signature.ShapeOf(item.Id) == Places[place])?.Source.Name;
            if (names[place] is null)
                return null;
        }

        return Answer with
        {
            Cause = Filled(Answer.Cause),
            Explanation = Filled(Answer.Explanation),
            EvidenceIds = [.. Answer.EvidenceIds.Select(shape => context.Evidence.FirstOrDefault(item => signature.ShapeOf(item.Id) == shape)?.Id).OfType<string>()],
            Commands = [.. Answer.Commands.Select(Filled)],
        };

        string Filled(string text)
        {
            for (var place = 0; place < names.Length; place++)
                text = text.Replace($"{{{place}}}", names[place], StringComparison.Ordinal);
            return text;
        }
    }

    [GeneratedRegex(@"\{\d+\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlaceMark();
}
