using System.Globalization;
using System.Text.Json;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Slack;

/// <summary>
/// Block Kit's rules, for the blocks and elements that a message of a bot is made of. Lengths are counted in UTF-16 units, which is
/// never more lenient than Slack.
/// </summary>
internal sealed class BlockRules
{
    private const int MaxBlocks = 50;
    private const int MaxViewBlocks = 100;

    // Slack documents no sum. Its staff name 12,000 characters and something for each block; the share per block agrees with the sizes
    // that people report as accepted (9,597 in 50 blocks) and rejected (11,341 in 45).
    private const int MaxText = 12_000;
    private const int TextOfEachBlock = 20;

    private static readonly string[] Plain = ["plain_text"];
    private static readonly string[] PlainOrMrkdwn = ["plain_text", "mrkdwn"];

    private readonly List<string> _violations = [];

    /// <summary>Everything that is wrong, each with a JSON pointer, in Slack's words.</summary>
    public static IReadOnlyList<string> Violations(JsonElement blocks)
    {
        var rules = new BlockRules();
        rules.CheckBlocks(blocks, MaxBlocks, "/blocks");
        return rules._violations;
    }

    /// <summary>Everything that is wrong with a modal view.</summary>
    public static IReadOnlyList<string> ViewViolations(JsonElement view)
    {
        var rules = new BlockRules();
        rules.CheckView(view, "/view");
        return rules._violations;
    }

    public static bool IsTooLong(JsonElement blocks) => JsonText.TextLength(blocks) + (blocks.GetArrayLength() * TextOfEachBlock) > MaxText;

    private void CheckView(JsonElement view, string pointer)
    {
        if (TypeOf(view) is not "modal")
        {
            Add("must be one of: modal", $"{pointer}/type");
            return;
        }

        Only(view, pointer, "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close", "external_id");
        Text(view, "title", 24, Plain, pointer, required: true);
        Text(view, "close", 24, Plain, pointer, required: false);
        Text(view, "submit", 24, Plain, pointer, required: false);
        OptionalText(view, "private_metadata", 3000, pointer);
        OptionalText(view, "callback_id", 255, pointer);
        if (Has(view, "blocks"))
            CheckBlocks(view.GetProperty("blocks"), MaxViewBlocks, $"{pointer}/blocks");
        else
            Add("missing required field: blocks", pointer);
    }

    private void CheckBlocks(JsonElement blocks, int most, string at)
    {
        AtMost(blocks, most, at);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (block, pointer) in Items(blocks, at))
        {
            CheckBlock(block, pointer);
            if (OptionalText(block, "block_id", 255, pointer) is { } id && !ids.Add(id))
                Add($"`block_id` already used: {id}", $"{pointer}/block_id");
        }
    }

    private void CheckBlock(JsonElement block, string pointer)
    {
        switch (TypeOf(block))
        {
            case "section":
                Only(block, pointer, "type", "block_id", "text", "fields", "accessory", "expand");
                CheckSection(block, pointer);
                break;
            case "header":
                Only(block, pointer, "type", "block_id", "text");
                Text(block, "text", 150, Plain, pointer, required: true);
                break;
            case "actions":
                Only(block, pointer, "type", "block_id", "elements");
                CheckActions(block, pointer);
                break;
            case "context":
                Only(block, pointer, "type", "block_id", "elements");
                foreach (var (element, at) in Elements(block, 10, pointer))
                    CheckContextElement(element, at);
                break;
            case "divider":
                Only(block, pointer, "type", "block_id");
                break;
            case "image":
                Only(block, pointer, "type", "block_id", "image_url", "alt_text", "title", "slack_file");
                CheckImage(block, pointer);
                Text(block, "title", 2000, Plain, pointer, required: false);
                break;
            case "rich_text":
                Only(block, pointer, "type", "block_id", "elements");
                foreach (var (element, at) in Elements(block, int.MaxValue, pointer))
                    CheckRichText(element, at);
                break;
            case var type:
                Add($"unsupported type: {type}", pointer);
                break;
        }
    }

    private void CheckRichText(JsonElement element, string pointer)
    {
        switch (TypeOf(element))
        {
            case "rich_text_section":
                Only(element, pointer, "type", "elements");
                CheckRichTextElements(element, pointer);
                break;
            case "rich_text_preformatted" or "rich_text_quote":
                Only(element, pointer, "type", "elements", "border");
                CheckRichTextElements(element, pointer);
                break;
            case "rich_text_list":
                Only(element, pointer, "type", "elements", "style", "indent", "offset", "border");
                if (OptionalText(element, "style", int.MaxValue, pointer) is not ("bullet" or "ordered"))
                    Add("must be one of: bullet, ordered", $"{pointer}/style");
                foreach (var (item, at) in Elements(element, int.MaxValue, pointer))
                {
                    if (TypeOf(item) is "rich_text_section")
                        CheckRichText(item, at);
                    else
                        Add("must be one of: rich_text_section", $"{at}/type");
                }

                break;
            case var type:
                Add($"unsupported type: {type}", pointer);
                break;
        }
    }

    private void CheckRichTextElements(JsonElement parent, string pointer)
    {
        foreach (var (element, at) in Elements(parent, int.MaxValue, pointer))
        {
            switch (TypeOf(element))
            {
                case "text":
                    Only(element, at, "type", "text", "style");
                    RequiredText(element, "text", at);
                    break;
                case "link":
                    Only(element, at, "type", "url", "text", "unsafe", "style");
                    RequiredText(element, "url", at);
                    OptionalText(element, "text", int.MaxValue, at);
                    break;
                case "user":
                    Only(element, at, "type", "user_id", "style");
                    RequiredText(element, "user_id", at);
                    break;
                case "usergroup":
                    Only(element, at, "type", "usergroup_id", "style");
                    RequiredText(element, "usergroup_id", at);
                    break;
                case "channel":
                    Only(element, at, "type", "channel_id", "style");
                    RequiredText(element, "channel_id", at);
                    break;
                case "broadcast":
                    Only(element, at, "type", "range", "style");
                    RequiredText(element, "range", at);
                    break;
                case "emoji":
                    Only(element, at, "type", "name", "unicode", "skin_tone");
                    RequiredText(element, "name", at);
                    break;
                case var type:
                    Add($"unsupported type: {type}", at);
                    continue;
            }

            if (Has(element, "style"))
                CheckRichTextStyle(element.GetProperty("style"), $"{at}/style");
        }
    }

    private void CheckRichTextStyle(JsonElement style, string pointer)
    {
        Only(style, pointer, "bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink");
        if (style.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in style.EnumerateObject().Where(property => property.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            Add("must be a boolean", $"{pointer}/{property.Name}");
    }

    private void RequiredText(JsonElement parent, string name, string pointer)
    {
        if (!Has(parent, name))
            Add($"missing required field: {name}", pointer);
        else if (OptionalText(parent, name, int.MaxValue, pointer) is { Length: 0 })
            Add("must be more than 0 characters", $"{pointer}/{name}");
    }

    private void CheckSection(JsonElement section, string pointer)
    {
        var hasFields = Has(section, "fields");
        Text(section, "text", 3000, PlainOrMrkdwn, pointer, required: !hasFields);
        if (hasFields)
        {
            var fields = section.GetProperty("fields");
            AtMost(fields, 10, $"{pointer}/fields");
            foreach (var (field, at) in Items(fields, $"{pointer}/fields"))
                CheckText(field, 2000, PlainOrMrkdwn, at);
        }

        if (!Has(section, "accessory"))
            return;
        var accessory = section.GetProperty("accessory");
        if (TypeOf(accessory) == "image")
            CheckImage(accessory, $"{pointer}/accessory");
        else
            CheckElement(accessory, $"{pointer}/accessory");
    }

    private void CheckActions(JsonElement actions, string pointer)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (element, at) in Elements(actions, 25, pointer))
        {
            CheckElement(element, at);
            if (OptionalText(element, "action_id", 255, at) is { } id && !ids.Add(id))
                Add($"`action_id` already used: {id}", $"{at}/action_id");
        }
    }

    private void CheckElement(JsonElement element, string pointer)
    {
        switch (TypeOf(element))
        {
            case "button":
                Only(element, pointer, "type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label");
                Text(element, "text", 75, Plain, pointer, required: true);
                OptionalText(element, "url", 3000, pointer);
                OptionalText(element, "value", 2000, pointer);
                OptionalText(element, "accessibility_label", 75, pointer);
                CheckStyle(element, pointer);
                break;
            case "overflow":
                Only(element, pointer, "type", "action_id", "options", "confirm");
                CheckOptions(element, 5, pointer);
                break;
            case "static_select":
                Only(element, pointer, "type", "action_id", "placeholder", "options", "initial_option", "confirm", "focus_on_load");
                Text(element, "placeholder", 150, Plain, pointer, required: false);
                CheckOptions(element, 100, pointer);
                break;
            case var type:
                Add($"unsupported type: {type}", pointer);
                return;
        }

        if (Has(element, "confirm"))
            CheckConfirm(element.GetProperty("confirm"), $"{pointer}/confirm");
    }

    private void CheckConfirm(JsonElement confirm, string pointer)
    {
        Only(confirm, pointer, "title", "text", "confirm", "deny", "style");
        Text(confirm, "title", 100, Plain, pointer, required: true);
        Text(confirm, "text", 300, PlainOrMrkdwn, pointer, required: true);
        Text(confirm, "confirm", 30, Plain, pointer, required: true);
        Text(confirm, "deny", 30, Plain, pointer, required: true);
        CheckStyle(confirm, pointer);
    }

    private void CheckOptions(JsonElement element, int most, string pointer)
    {
        if (!Has(element, "options"))
        {
            Add("missing required field: options", pointer);
            return;
        }

        var options = element.GetProperty("options");
        AtMost(options, most, $"{pointer}/options");
        foreach (var (option, at) in Items(options, $"{pointer}/options"))
        {
            Text(option, "text", 75, Plain, at, required: true);
            OptionalText(option, "value", 150, at);
        }
    }

    private void CheckContextElement(JsonElement element, string pointer)
    {
        if (TypeOf(element) == "image")
            CheckImage(element, pointer);
        else
            CheckText(element, 3000, PlainOrMrkdwn, pointer);
    }

    private void CheckImage(JsonElement image, string pointer)
    {
        if (!Has(image, "image_url") && !Has(image, "slack_file"))
            Add("missing required field: image_url", pointer);
        if (!Has(image, "alt_text"))
            Add("missing required field: alt_text", pointer);
        OptionalText(image, "image_url", 3000, pointer);
        OptionalText(image, "alt_text", 2000, pointer);
    }

    private void CheckStyle(JsonElement element, string pointer)
    {
        if (OptionalText(element, "style", int.MaxValue, pointer) is { } style and not ("primary" or "danger"))
            Add($"unsupported style: {style}", $"{pointer}/style");
    }

    private void Text(JsonElement parent, string name, int most, string[] types, string pointer, bool required)
    {
        if (Has(parent, name))
            CheckText(parent.GetProperty(name), most, types, $"{pointer}/{name}");
        else if (required)
            Add($"missing required field: {name}", pointer);
    }

    private void CheckText(JsonElement text, int most, string[] types, string pointer)
    {
        if (TypeOf(text) is not { } type || !types.Contains(type, StringComparer.Ordinal))
        {
            Add($"must be one of: {string.Join(", ", types)}", $"{pointer}/type");
            return;
        }

        Only(text, pointer, "type", "text", type == "plain_text" ? "emoji" : "verbatim");
        if (!Has(text, "text"))
            Add("missing required field: text", pointer);
        else if (OptionalText(text, "text", most, pointer) is { Length: 0 })
            Add("must be more than 0 characters", $"{pointer}/text");
    }

    /// <summary>The text; null when it is absent or not a string.</summary>
    private string? OptionalText(JsonElement parent, string name, int most, string pointer)
    {
        if (!Has(parent, name))
            return null;
        var value = parent.GetProperty(name);
        if (value.ValueKind != JsonValueKind.String)
        {
            Add("must be a string", $"{pointer}/{name}");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > most)
            Add(string.Create(CultureInfo.InvariantCulture, $"must be less than {most + 1} characters"), $"{pointer}/{name}");
        return text;
    }

    private List<(JsonElement Item, string Pointer)> Elements(JsonElement block, int most, string pointer)
    {
        if (!Has(block, "elements"))
        {
            Add("missing required field: elements", pointer);
            return [];
        }

        var elements = block.GetProperty("elements");
        AtMost(elements, most, $"{pointer}/elements");
        return Items(elements, $"{pointer}/elements");
    }

    private List<(JsonElement Item, string Pointer)> Items(JsonElement array, string pointer)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            Add("must be an array", pointer);
            return [];
        }

        if (array.GetArrayLength() == 0 && pointer is not ("/blocks" or "/view/blocks"))
            Add("no fewer than 1 items allowed", pointer);
        return [.. array.EnumerateArray().Select((item, index) => (item, $"{pointer}/{index.ToString(CultureInfo.InvariantCulture)}"))];
    }

    private void AtMost(JsonElement array, int most, string pointer)
    {
        if (array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > most)
            Add(string.Create(CultureInfo.InvariantCulture, $"no more than {most} items allowed"), pointer);
    }

    private void Only(JsonElement element, string pointer, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Add("must be an object", pointer);
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                Add($"invalid additional property: {property.Name}", pointer);
        }
    }

    private static bool Has(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string? TypeOf(JsonElement element) =>
        Has(element, "type") && element.GetProperty("type") is { ValueKind: JsonValueKind.String } type ? type.GetString() : null;

    private void Add(string violation, string pointer) => _violations.Add($"{violation} [json-pointer:{pointer}]");
}
