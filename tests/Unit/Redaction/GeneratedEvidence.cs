using System.Text;

namespace AlertResponder.Tests.Unit.Redaction;

/// <summary>A piece of foreign text with a secret in it, made from a seed.</summary>
/// <param name="Text">The text.</param>
/// <param name="Secrets">What must not be seen: the secret, or the parts into which it was broken.</param>
/// <param name="Ordinary">What must still be there.</param>
internal sealed record GeneratedEvidence(string Text, IReadOnlyList<string> Secrets, IReadOnlyList<string> Ordinary)
{
    private const string Lower = "abcdefghijkmnpqrstuvwxyz";
    private const string Upper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "23456789";
    private const string Hexadecimal = "0123456789abcdef";
    private const int LineWidth = 64;

    // {0} is the secret, {1} the name. Joined here and below, so that no scanner of this repository takes an example for a leak.
    private static readonly string[] AnyValue =
    [
        "{1}=\"{0}\"", "{1}='{0}'", "{1}: \"{0}\"", "{1}: '{0}'", "\"{1}\": \"{0}\",", "\"{1}\":\"{0}\"", "{{\"user\":\"app\",\"{1}\":\"{0}\",\"page\":12}}", "{{'{1}': '{0}', 'page': 12}}",
        "{{\\\"{1}\\\":\\\"{0}\\\",\\\"page\\\":12}}", "- name: {1}\n  value: \"{0}\"", "- value: \"{0}\"\n  name: {1}", "{{\"name\":\"{1}\",\"value\":\"{0}\"}}", "<{1}>{0}</{1}>", "<add key=\"{1}\" value=\"{0}\"/>",
        "<entry key=\"{1}\">{0}</entry>", "{1} => \"{0}\"", "{1} := \"{0}\"", "{1}: |\n  {0}\nuser: app", "export {1}=\"{0}\"", "EnvVar{{Name:{1},Value:{0},ValueFrom:nil,}}", "{1}:\n  \"{0}\"",
    ];

    private static readonly string[] WordValue =
    [
        .. AnyValue, "{1}={0}", "{1}={0} page=12", "{1}={0};Database=shop", "{1}={0}, page=12", "{1}: {0}", "?{1}={0}&page=12", "({1}={0})", "map[{1}:{0} page:12]", "[{{{1}:{0}}}]", "--{1} {0} --page 12",
        "--{1}={0}", "[\"serve\",\"--{1}\",\"{0}\"]", "ENV {1} {0}", "export {1}={0}", "level=error {1}={0} msg=\"no\"", "-D{1}={0}", "{1}:{0}", "Server=db;{1}={0};Encrypt=true",
    ];

    private static readonly string[] Around =
    [
        "https://app:{0}@db.shop.svc:5432/x", "postgres://app:{0}@db/x", "amqp://guest:{0}@rabbit:5672/", "mongodb+srv://app:{0}@cluster0.example.net/x", "redis://:{0}@cache:6379", "app:{0}@tcp(db:3306)/shop",
        "Authorization: Bearer {0}", "authorization: Basic {0}", "-H 'Authorization: Bearer {0}' https://x", "\"Authorization\":[\"Bearer {0}\"]", "Proxy-Authorization: Basic {0}", "Cookie: session={0}; theme=dark",
        "Set-Cookie: id={0}; Path=/", "X-Api-Key: {0}", "X-Vault-Token: {0}", "PRIVATE-TOKEN: {0}", "curl -u admin:{0} https://x", "docker login -u bob -p {0} ghcr.io", "mysql -u root -p{0} shop",
        "sshpass -p {0} ssh x", "redis-cli -h cache -a {0} ping", "machine db login app password {0}", "requirepass {0}", "CREATE USER app IDENTIFIED BY '{0}'", "jdbc:postgresql://db/shop?user=app&password={0}",
        "Server=db;User Id=sa;Password={0};Encrypt=true", "host=db user=app password='{0}' dbname=shop", "cache:6379,password={0},ssl=true", "PGPASSWORD={0} psql -h db", "Driver=x;Uid=sa;Pwd={{{0}}};",
    ];

    private static readonly string[] Prose =
    [
        "using token {0} for the login", "api key {0} rejected", "the client secret is {0}", "invalid password \"{0}\"", "token was {0}, expected another", "secret key: {0}", "(bearer {0})",
    ];

    private static readonly string[] Free = ["{0}", "request by {0} failed", "({0})", "key:'{0}' page=12", "x={0}", "\"id\":\"{0}\"", "GET /v1/{0}/x 404", "[{0}]", "got <{0}>", "user {0},", "{0}: refused", "a,{0},b"];

    private static readonly string[] Names =
    [
        "password", "DB_PASSWORD", "Password", "dbPassword", "token", "API_TOKEN", "accessToken", "apiKey", "API_KEY", "client_secret", "x-api-key", "AccountKey", "db.passwd", "secret_access_key", "MYSQL_PWD",
        "spring.datasource.password", "signing-key", "PRIVATE_KEY", "webhook_secret", "refresh_token", "encryption_key", "SECRET_KEY_BASE", "passphrase", "credential", "REDIS_PASS", "smtp_password", "auth_token",
    ];

    private static readonly string[] Lines =
    [
        "2026-11-22T02:13:00Z GET /v1/orders 200 in 12 ms", "{{\"level\":\"info\",\"msg\":\"started\",\"port\":8080}}", "    at com.example.Main.run(Main.java:7)", "level=warn msg=\"retrying\" attempt=3", "I1122 02:13:00.1 1 main.go:7] ready",
        "Warning BackOff pod/web-7c9d8f6b5-q4x2z Back-off restarting failed container", "image registry.example/web@sha256:{digest}", "commit {sha} of main", "trace_id={trace} span_id=00f067aa0ba902b7", "uid {uuid}",
        "containerd://{digest}", "resourceVersion: \"184467440\"", "Mounts: /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-x7b2q (ro)", "volume pvc-{uuid} attached", "",
    ];

    private static readonly Func<Random, string>[] Tokens =
    [
        random => "AKIA" + Of(random, Upper + Digits, 16), random => "ghp" + "_" + Of(random, Lower + Upper + Digits, 36), random => "github_pat" + "_" + Of(random, Lower + Upper + Digits, 22) + "_" + Of(random, Lower + Upper + Digits, 59),
        random => "glpat" + "-" + Of(random, Lower + Upper + Digits, 20), random => "xoxb" + "-2401234567890-" + Of(random, Lower + Upper + Digits, 24), random => "xapp" + "-1-A0123456789-" + Of(random, Hexadecimal, 32),
        random => "sk" + "_live_" + Of(random, Lower + Upper + Digits, 24), random => "rk" + "_live_" + Of(random, Lower + Upper + Digits, 24), random => "AIza" + Of(random, Lower + Upper + Digits + "_-", 35),
        random => "GOCSPX" + "-" + Of(random, Lower + Upper + Digits, 28), random => "npm" + "_" + Of(random, Lower + Upper + Digits, 36), random => "hvs" + "." + Of(random, Lower + Upper + Digits, 90),
        random => "sk" + "-proj-" + Of(random, Lower + Upper + Digits, 48), random => "sk" + "-ant-api03-" + Of(random, Lower + Upper + Digits, 80), random => "dckr_pat" + "_" + Of(random, Lower + Upper + Digits, 27),
        random => Of(random, Lower + Upper + Digits, 3) + "8Q~" + Of(random, Lower + Upper + Digits, 34), random => "SG" + "." + Of(random, Lower + Upper + Digits, 22) + "." + Of(random, Lower + Upper + Digits, 43),
        random => "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ." + Base64Url("{\"sub\":\"" + Of(random, Lower, 30) + "\"}") + "." + Of(random, Lower + Upper + Digits + "_-", 86), random => Of(random, Lower + Upper + Digits + "+/", 86) + "==",
    ];

    public static GeneratedEvidence Make(int seed)
    {
        var random = new Random(seed);
        List<string> ordinary = [];
        var before = Surroundings(random, ordinary);
        var (text, secrets, cutsTheRest) = Secret(random);
        List<string> after = [];
        var rest = Surroundings(random, after);
        return new GeneratedEvidence($"{before}\n{text}\n{rest}", secrets, cutsTheRest ? ordinary : [.. ordinary, .. after]);
    }

    private static (string Text, IReadOnlyList<string> Secrets, bool CutsTheRest) Secret(Random random)
    {
        var name = One(random, Names);
        switch (random.Next(12))
        {
            case 0 or 1:
                return In(One(random, Free), One(random, Tokens)(random), name);
            case 2:
                return In(One(random, WordValue), One(random, Tokens)(random), name);
            case 3 or 4:
                return In(One(random, WordValue), Word(random), name);
            case 5:
                return In(One(random, AnyValue), $"correct{random.Next(10, 99)} horse battery {Of(random, Lower, 6)}", name);
            case 6 or 7:
                return In(One(random, Around), Word(random), name);
            case 8:
                return In(One(random, Prose), random.Next(2) == 0 ? "q7" + Of(random, Hexadecimal, 32) : "aB3" + Of(random, Lower + Upper + Digits, 24), name);
            case 9:
                return PrivateKey(random);
            case 10:
                return Wrapped(random);
            default:
                return Encoded(random, name);
        }
    }

    private static (string, IReadOnlyList<string>, bool) In(string template, string secret, string name) => (string.Format(null, template, secret, name), [secret], false);

    // As people and machines choose passwords: never without a digit, so that the text around cannot hold it by chance.
    private static string Word(Random random) => random.Next(4) switch
    {
        0 => "hunter" + random.Next(1000, 99_999),
        1 => "Tr0ub4dor" + Of(random, Upper, 2) + "." + Of(random, Lower, 4),
        2 => Of(random, Hexadecimal, 40) + "q9",
        _ => Of(random, Lower + Upper + Digits, 16) + "7z",
    };

    private static (string, IReadOnlyList<string>, bool) PrivateKey(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(3, 8)).Select(_ => "aB3" + Of(random, Lower + Upper + Digits + "+/", LineWidth - 3)).Append("x7Y" + Of(random, Lower + Upper + Digits, 21)).ToArray();
        var kind = One(random, ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "]);
        var end = One(random, ["\n", "\\n", "\r\n"]);
        var (begin, tail) = ($"-----BEGIN {kind}PRIVATE KEY-----{end}", $"{end}-----END {kind}PRIVATE KEY-----");
        var body = string.Join(end, lines);
        return random.Next(4) switch
        {
            0 => (begin + body, lines, true),
            1 => (body + tail, lines, false),
            2 => ($"\"private_key\": \"{begin}{body}{tail}{end}\",", lines, false),
            _ => (begin + body + tail, lines, false),
        };
    }

    // Into lines of a terminal, or of an encoder.
    private static (string, IReadOnlyList<string>, bool) Wrapped(Random random)
    {
        var lineEnd = One(random, ["\n", "\\n", "\n    ", "\r\n"]);
        if (random.Next(2) == 0)
        {
            var lines = Enumerable.Range(0, random.Next(2, 5)).Select(_ => "aB3" + Of(random, Lower + Upper + Digits + "+/", LineWidth - 3)).Append("x7Y" + Of(random, Lower + Upper + Digits, 18) + "==").ToArray();
            return ("data: " + string.Join(lineEnd, lines), lines, false);
        }

        var token = One(random, Tokens[..16])(random);
        var at = random.Next(5, 12);
        return ($"value {token[..at]}{lineEnd}{token[at..]}", [token[at..]], false);
    }

    private static (string, IReadOnlyList<string>, bool) Encoded(Random random, string name)
    {
        var secret = Word(random);
        var plain = string.Format(null, One(random, ["{1}={0}", "\"{1}\":\"{0}\"", "{1}: {0}"]), secret, name);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(plain));
        return random.Next(4) switch
        {
            0 => ($"payload {base64} refused", [base64], false),
            1 => ($"{{\\u0022{name}\\u0022:\\u0022{secret}\\u0022}}", [secret], false),
            2 => ($"next={Uri.EscapeDataString($"https://x/?{name}={secret}&page=2")}&y=1", [secret], false),
            _ => ($"&quot;{name}&quot;:&quot;{secret}&quot;", [secret], false),
        };
    }

    // Ordinary lines, so that the secret is not shown by luck of what stands beside it.
    private static string Surroundings(Random random, List<string> ordinary)
    {
        foreach (var line in random.GetItems(Lines, random.Next(1, 4)))
        {
            ordinary.Add(line.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)
                .Replace("{digest}", Of(random, Hexadecimal, 64), StringComparison.Ordinal).Replace("{sha}", Of(random, Hexadecimal, 40), StringComparison.Ordinal)
                .Replace("{trace}", Of(random, Hexadecimal, 32), StringComparison.Ordinal).Replace("{uuid}", $"{Of(random, Hexadecimal, 8)}-7d0c-4b57-9d1d-{Of(random, Hexadecimal, 12)}", StringComparison.Ordinal));
        }

        return string.Join('\n', ordinary);
    }

    private static string Of(Random random, string alphabet, int length) => new(random.GetItems<char>(alphabet, length));

    private static T One<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];

    private static string Base64Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
