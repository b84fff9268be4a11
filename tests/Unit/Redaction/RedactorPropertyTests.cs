using System.Text;
using AlertResponder.Redaction;

namespace AlertResponder.Tests.Unit.Redaction;

/// <summary>What must hold for any text: seeded, so that a failure can be seen again.</summary>
public sealed class RedactorPropertyTests
{
    private const int Runs = 1_000;
    private const int Much = 64 * 1024;

    private static readonly string[] Fragments =
    [
        "password", "token", "secret", "Authorization", "Cookie", "api_key", "_auth", "PWD", "--token ", "name: DB_PASSWORD", "value", "Bearer ", "Basic ", "eyJhbGciOiJI", "AKIA",
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "postgres://", "@", ":", "=", " : ", ": ", "\"", "'", "\\\"", "\\n", "\\", "{", "}", "[", "]", "(", ")", "<", ">", "|", "&", ",", ";",
        ".", "/", "\n", "\r\n", "\n  ", " ", "\t", Redactor.Mark, "[redacted", "page=12", "hunter2", "abc", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDBx7Ks2pQ9vTbA", "ü", "😀",
    ];

    public static TheoryData<string> Adversarial => [
        "a", "password", "password=", "password=\"", "\"password\":\"", "password: |\n", "password: |\n  x\n", "secret:[", "token: word ", "token=a,b;c&d", "token=,", "\\", "password=\\\\", "password=\\\"",
        "eyJ", "eyJaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "MIIEvQIBADANBgkqhkiG9w0BAQEF\n", "A", "AKIA", "http://", "http://a:", "http://a:b@", "a:b@", "Bearer ", "Bearer aaaaaaaa ", "--token ", "name: token ",
        "name: token\nvalue: ", "[redacted]", "password=[redacted]", "Cookie: ", "\n", " ", "ghp_", "=", ":", "@", "\"", "<",
        "ghp_\n", "mysql ", "docker login ", "-p x ", "<password>", "<password", "value: x ", "%3D", "\\u0022", "aB3dEfGh1\n", "token=aB3dEfGh1\n", "password:\n- x\n", "token is ", "secret:[{", "EnvVar{Name:TOKEN,Value:",
        "x{secret=\"", "BEGIN PRIVATE KEY--x", "-----BEGIN CERTIFICATE-----aB3dEfGhaB3dEfGhaB3dEfGh", "cGFzc3dvcmQ9aHVudGVyMg== ", "A_TOKEN=b c\n", "password={", "x\\n", "\u001b[0m", "&quot;", "a/b@", "SG.",
    ];

    [Fact]
    public void Redact_RandomText_IsIdempotent()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var text = RandomText(new Random(seed), 40);
            var once = Redactor.Redact(text);

            Redactor.Redact(once).ShouldBe(once, $"seed {seed}: {text}");
        }
    }

    [Fact]
    public void Redact_CanaryAnywhere_NeverSurvives()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var canary = "CANARY" + random.Next(100_000, 999_999) + "x9";
            var (open, close) = Embedding(random);
            var text = $"{Noise(random)}\n{open}{canary}{close}\n{Noise(random)}";

            Redactor.Redact(text).ShouldNotContain(canary, Case.Sensitive, $"seed {seed}: {text}");
        }
    }

    [Fact]
    public void Redact_TokensOfKnownFormInNoise_NeverSurvive()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var body = new string(random.GetItems<char>("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 16));
            var token = random.GetItems(["AKIA" + body, "ghp" + "_" + body + body, "glpat" + "-" + body, "xoxb" + "-" + body, "sk" + "_live_" + body, "AIza" + body + body + "abc"], 1)[0];
            var text = RandomText(random, 10) + token + RandomText(random, 10);

            Redactor.Redact(text).ShouldNotContain(token, Case.Sensitive, $"seed {seed}: {text}");
        }
    }

    [Theory]
    [MemberData(nameof(Adversarial))]
    public void Redact_MuchOfIt_TakesLinearTime(string part) => ShouldBeQuick(string.Concat(Enumerable.Repeat(part, Much / part.Length)));

    [Fact]
    public void Redact_EverythingTogether_TakesLinearTime()
    {
        var random = new Random(20261125);
        var parts = Adversarial.Select(row => row.Data).ToArray();
        var text = new StringBuilder(Much);
        while (text.Length < Much)
        {
            text.Append(parts[random.Next(parts.Length)]);
        }

        ShouldBeQuick(text.ToString());
    }

    // Some hundred times what it takes on an idle machine.
    private static void ShouldBeQuick(string text)
    {
        var start = TimeProvider.System.GetTimestamp();
        Redactor.Redact(text);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static string RandomText(Random random, int parts) => string.Concat(random.GetItems(Fragments, random.Next(1, parts)));

    // Ordinary lines, so that the secret is not shown by luck of what comes before.
    private static string Noise(Random random) =>
        string.Join('\n', random.GetItems(["page=12 heap=312Mi", "GET /v1 200", "{\"level\":\"info\",\"msg\":\"started\"}", "", "at Main.run(Main.java:7)", "(x) [y] {z}", "user: app"], random.Next(1, 5)));

    private static (string Open, string Close) Embedding(Random random)
    {
        var name = random.GetItems(["password", "DB_PASSWORD", "Password", "token", "API_TOKEN", "apiKey", "client_secret", "x-api-key", "AccountKey", "db.passwd", "secret_access_key", "MYSQL_PWD"], 1)[0];
        var before = random.GetItems(["", "2026-11-22T02:13:00Z ", "level=error ", "user=app,", "{page:12} ", "env: ", "  - ", "Host=db;"], 1)[0];
        var (open, close) = random.GetItems(
            [
                ($"{name}=", ""), ($"{name}=", " page=12"), ($"{name}=", ", page=12"), ($"{name}=", ";Database=shop"), ($"{name}: ", ""), ($"{name}: \"", "\""), ($"{name}='", "' next"),
                ($"\"{name}\":\"", "\",\"page\":12}"), ($"\"{name}\": \"", "\"}"), ($"{{\\\"{name}\\\":\\\"", "\\\"}"), ($"--{name.Replace('_', '-')} ", " --page 12"), ($"name: {name}\n  value: ", ""),
                ($"{{\"name\":\"{name}\",\"value\":\"", "\"}"), ($"{name}=\"", ""), ($"{name}: |\n      ", "\n  user: app"), ($"({name}=", ")"), ($"map[{name}:", "]"), ($"[{{{name}:", "}]"), ($"?{name}=", "&page=12"),
                ("Authorization: Bearer ", ""), ("authorization: Basic ", " x"), ("Cookie: id=", "; Path=/"), ("postgres://app:", "@db:5432/shop"), ("app:", "@tcp(db:3306)/shop"),
                ("-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----"), ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", ""), ("https://hooks.slack.com/services/T0/B0/", ""),
            ],
            1)[0];
        return (before + open, close);
    }
}
