using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Gateway.Slack;

namespace AlertResponder.Tests.Unit.Gateway;

/// <summary>A real click with something done to it. A round that fails names its seed.</summary>
public sealed class InteractionFuzzTests : IAsyncLifetime
{
    private const int FirstSeed = 20_261_126;
    private const int Rounds = 5_000;
    private const int RoundsOverHttp = 150;

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "9223372036854775808", "[]", "{}", "[{}]", "\"\"", "\"block_actions\"", "\"view_submission\"", "\"button\"", "\"<!channel>\"",
        "\"2026-02-30T25:61:61Z\"", "\"2026-11-25T00:00:00Z\"", "\"\\ud800\"", "\"\\u0000\"", "\"00000000-0000-0000-0000-000000000000\"", $"\"{new string('9', 5_000)}\"",
        string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200)), """{"type":"button"}""", """{"id":"U1","id":"U2"}""", """{"$type":"System.IO.FileInfo"}""",
    ];

    private ClickWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await ClickWorld.CreateAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public void Read_FiveThousandMutations_AreClicksWholeOrNone()
    {
        var payload = world.Slack.Press(world.Message, world.Execute, ClickWorld.Clicker).Payload.GetRawText();
        var (clicks, none, junk) = (0, 0, 0);
        for (var seed = FirstSeed; seed < FirstSeed + Rounds; seed++)
        {
            var body = Mutate(payload, seed);
            try
            {
                var click = InteractionReader.Read(body) is { } request ? Click.Read(request) : null;
                (clicks, none) = click is null ? (clicks, none + 1) : (clicks + 1, none);
                if (click is not null)
                {
                    click.User.ShouldMatch("^[A-Z0-9]+$", $"seed {seed}");
                    click.Channel.ShouldMatch("^[A-Z0-9]+$", $"seed {seed}");
                    WebUtility.UrlDecode(Encoding.UTF8.GetString(body)).ShouldContain(click.ProposalId.ToString("D"), Case.Insensitive, $"seed {seed}");
                }
            }
            catch (NotAnInteractionException)
            {
                junk++;
            }
            catch (Exception e) when (e is not ShouldAssertException)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        // Each kind of outcome is met, or the mutations are no good.
        clicks.ShouldBeGreaterThan(500);
        none.ShouldBeGreaterThan(100);
        junk.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Post_SignedMutations_AreNeverAServersError()
    {
        var url = await world.StartAsync();
        for (var seed = FirstSeed; seed < FirstSeed + RoundsOverHttp; seed++)
        {
            var click = world.Slack.Press(world.Message, world.Execute, ClickWorld.Clicker);
            var callback = InteractionEndpointTests.Signed(Encoding.Latin1.GetString(Mutate(click.Payload.GetRawText(), seed)));

            var answer = await callback.SendAsync(url, Cancellation);

            answer.Status.ShouldNotBeNull($"seed {seed}");
            ((int)answer.Status.Value).ShouldBeLessThan(500, $"seed {seed}");
        }
    }

    /// <summary>The form's bytes; the same seed always makes the same.</summary>
    private static byte[] Mutate(string payload, int seed)
    {
        var random = new Random(seed);
        if (random.Next(4) == 0)
        {
            var body = Encoding.ASCII.GetBytes($"payload={WebUtility.UrlEncode(payload)}").ToList();
            for (var changes = random.Next(1, 6); changes > 0 && body.Count > 1; changes--)
            {
                var at = random.Next(body.Count);
                switch (random.Next(4))
                {
                    case 0:
                        body[at] = (byte)random.Next(128);
                        break;
                    case 1:
                        body.RemoveRange(at, Math.Min(random.Next(1, 200), body.Count - at));
                        break;
                    case 2:
                        body.InsertRange(at, Encoding.ASCII.GetBytes(WebUtility.UrlEncode(Values[random.Next(Values.Length)])));
                        break;
                    default:
                        body.RemoveRange(at, body.Count - at);
                        break;
                }
            }

            return [.. body];
        }

        const string Placeholder = "@mutation@";
        var json = JsonNode.Parse(payload)!;
        var nodes = Descendants(json).ToList();
        var node = nodes[random.Next(nodes.Count)];
        if (random.Next(3) == 0 && node.Parent is JsonObject parent)
        {
            parent.Remove(node.GetPropertyName());
        }
        else
        {
            node.ReplaceWith(Placeholder);
        }

        var text = json.ToJsonString().Replace($"\"{Placeholder}\"", Values[random.Next(Values.Length)], StringComparison.Ordinal);
        return Encoding.ASCII.GetBytes($"payload={WebUtility.UrlEncode(text)}");
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Descendants(child).Prepend(child));
    }
}
