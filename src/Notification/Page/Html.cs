using System.Globalization;
using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>Markup from interpolated strings: what stands in the string is ours, what is put into it is encoded unless it is markup.</summary>
internal static class Html
{
    public static readonly IHtmlContent Nothing = HtmlString.Empty;

    public static IHtmlContent Of(FormattableString markup) => new HtmlFormattableString(CultureInfo.InvariantCulture, markup.Format, markup.GetArguments());

    public static IHtmlContent All(IEnumerable<IHtmlContent> parts)
    {
        var all = new HtmlContentBuilder();
        foreach (var part in parts)
            all.AppendHtml(part);
        return all;
    }

    public static IHtmlContent Time(DateTimeOffset time) =>
        Of($"<time datetime=\"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time>");
}
