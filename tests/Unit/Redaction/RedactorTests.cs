using System.Text.RegularExpressions;
using AlertResponder.Redaction;

namespace AlertResponder.Tests.Unit.Redaction;

public sealed class RedactorTests
{
    private const string Aws = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private const string Jwt = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJlLXZhbHVl";
    private const string KeyLine = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDBx7Ks2pQ9vTbA";

    // Joined here, so that no scanner of this repository takes an example for a leak.
    private static readonly string GitHub = "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a";
    private static readonly string GitLab = "glpat" + "-x7sKq2mP9vTbAw3Zr8Yd";
    private static readonly string SlackBot = "xoxb" + "-2401234567890-2412345678901-AbCdEfGhIjKlMnOpQrStUvWx";
    private static readonly string SlackApp = "xapp" + "-1-A0123456789-2412345678901-abcdef0123456789";
    private static readonly string Stripe = "sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc";
    private static readonly string Google = "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q";
    private static readonly string AwsId = "AKIA" + "IOSFODNN7EXAMPLE";

    /// <summary>A text with <c>{0}</c> where the secret is, the secret, and the text that must be left.</summary>
    public static TheoryData<string, string, string> Secrets
    {
        get
        {
            var table = new TheoryData<string, string, string>();
            void Add(string text, string secret, string? left = null) => table.Add(text, secret, left ?? text);

            // By their own form, wherever they are.
            foreach (var token in new[] { AwsId, "ASIA" + "IOSFODNN7EXAMPLE", GitHub, "github_pat" + "_11ABCDEFG0abcdefghij_klmnopqrstuv", GitLab, SlackBot, SlackApp, Stripe, "rk" + "_live_4eC39HqLyjWDarjtT1zdp7dc", Google, "GOCSPX" + "-a1B2c3D4e5F6g7H8i9J0k1L2", Jwt })
            {
                Add("request by {0} failed, status=500", token);
                Add("({0})", token);
                Add("key:'{0}' page=12", token);
                Add("x_{0}", token);
            }

            Add("openai: {0} refused", "sk" + "-proj-abcdefghij0123456789ABCDEFGHIJ");
            Add($"credentials {AwsId} {{0}} expired", Aws, "credentials {0} expired");
            Add("POST https://hooks.slack.com/services/{0} 404", "T0123/B0456/abcDEF123456", "POST https://hooks.slack.com/services/{0} 404");
            Add("-----BEGIN RSA PRIVATE KEY-----\n{0}\n-----END RSA PRIVATE KEY-----\nafter", KeyLine, "{0}\nafter");
            Add("key=-----BEGIN PRIVATE KEY-----\\n{0}\\n-----END PRIVATE KEY-----\\n", KeyLine, "key={0}\\n");
            Add("-----BEGIN PGP PRIVATE KEY BLOCK-----\n{0}\n-----END PGP PRIVATE KEY BLOCK-----", KeyLine, "{0}");
            Add("before\n-----BEGIN EC PRIVATE KEY-----\n{0}\n" + KeyLine, KeyLine, "before\n{0}");
            Add("{0}\nAbC+/123=\n-----END RSA PRIVATE KEY-----\nafter", KeyLine, "{0}\nafter");
            Add("01:02:03 read\n{0}\n" + KeyLine + "\nnext", KeyLine, "01:02:03 read\n{0}\n{0}\nnext");

            // HTTP.
            Add("Authorization: Bearer {0}", "abcDEF0123456789");
            Add("authorization: Basic {0}", "YTpi");
            Add("-H 'Authorization: Bearer {0}' https://x", "s3cr");
            Add("Authorization: token {0}", "0123abc");
            Add("\"Authorization\":\"Bearer {0}\"", "abcDEF0123456789", "\"Authorization\":\"{0}\"");
            Add("map[Authorization:[Bearer {0}] Accept:[*/*]]", "a.b", "map[Authorization:[{0}] Accept:[*/*]]");
            Add("Authorization: AWS4-HMAC-SHA256 {0}", "Credential=x/20261122/us-east-1/bedrock/aws4_request, Signature=0123abcd", "Authorization: {0}");
            Add("bearer {0} rejected", "abcDEF0123456789");
            Add("X-Api-Key: {0}", "0123456789abcdef");
            Add("Cookie: {0}", "session=abc; csrf=def");
            Add("GET /v1?page=12&access_token={0}&size=5 500", "0123abc");
            Add("GET /v1?token={0} 401", "0123abc");
            Add("PUT https://b.s3.amazonaws.com/x?X-Amz-Date=1&X-Amz-Signature={0}", "0123abcdef");

            // Addresses.
            Add("postgres://{0}@db:5432/shop?sslmode=disable", "app:hunter2");
            Add("dial amqp://{0}@rabbit:5672/vhost: refused", "guest:guest");
            Add("redis://{0}@cache:6379", ":hunter2");
            Add("mongodb+srv://{0}@cluster0.example.net/shop", "app:p@ss:w0rd");
            Add("https://{0}@sentry.example.com/42", "0123456789abcdef0123456789abcdef");
            Add("{0}@tcp(mysql:3306)/shop", "root:hunter2");

            // Settings.
            Add("password={0}", "hunter2");
            Add("password = {0}", "hunter2");
            Add("Password: {0}", "hunter2");
            Add("password: {0}", "swordfish");
            Add("DB_PASSWORD={0}", "hunter2");
            Add("DB_PASS={0} DB_USER=app", "hunter2");
            Add("PGPASSWORD={0} psql", "hunter2");
            Add("MY_SECRET_KEY={0}", "hunter2");
            Add("token: {0}", "0123abc");
            Add("token: {0}", "abcdef");
            Add("secret: {0}", "Tr0ub4dor");
            Add("apiKey={0}, page=12", "abc123");
            Add("aws_secret_access_key = {0}", Aws);
            Add("export API_TOKEN='{0}'", "multi word secret");
            Add("\"password\":\"{0}\",\"user\":\"app\"", "hun\\\"ter2");
            Add("{\"password\" : \"{0}\"}", "hunter2");
            Add("{\\\"password\\\":\\\"{0}\\\",\\\"user\\\":\\\"app\\\"}", "hunter2");
            Add("{\"pin\":1,\"secret\":{0},\"user\":\"app\"}", "12345");
            Add("{\"auths\":{\"ghcr.io\":{\"auth\":\"{0}\"}}}", "dXNlcjpwYXNz");
            Add("//registry.example/:_authToken={0}", "0123-abc");
            Add("\"password\":\"{0}", "hunter2 cut o");
            Add("'token': '{0}'", "0123abc");
            Add("password=\"{0}", "cut off here");
            Add("{Token:{0} User:app}", "abc123");
            Add("map[password:{0} user:app]", "hunter2");
            Add("map[user:app password:{0}]", "hunter2");
            Add("(password={0})", "hunter2");
            Add("password={0}", "p,w)d;x&y");
            Add("tokens: [{0}]", "abc123, def456");
            Add("Server=db;User Id=sa;Password={0};Encrypt=true", "p,w)d");
            Add("Host=db;Username=app;Password={0};Database=shop", "hunter2");
            Add("DefaultEndpointsProtocol=https;AccountName=x;AccountKey={0};EndpointSuffix=core.windows.net", "abc123+/def==");
            Add("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={0}", "abc123+/def=");
            Add("spring.datasource.password={0}", "hunter2");
            Add("  password: |\n    {0}\n  user: app", "line one\n    line two");
            Add("password: >-\n  {0}\n\nuser: app", "hunter2");
            Add("- name: DB_PASSWORD\n  value: {0}\n- name: PAGE\n  value: \"12\"", "hunter2");
            Add("{\"name\":\"API_TOKEN\",\"value\":\"{0}\"}", "abc123");
            Add("mysqldump --password {0} shop", "hunter2");
            Add("mysqldump --password={0} shop", "hunter2");
            Add("[\"login\",\"--token\",\"{0}\"]", "abc123");
            Add("client-key-data: {0}", "LS0tLS1CRUdJTg==");
            return table;
        }
    }

    public static TheoryData<string> Harmless => [
        "registry.example.com/scraper@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1",
        "docker-pullable://nginx:1.27@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1",
        "Pod cardboard/price-scraper-28487520-2n78x on k3s-agent-2",
        "ReplicaSet sk-shop-backend-with-a-long-name-7c9d8b6f5-x2x4z",
        "uid 6f1c1a0e-7d0c-4b57-9d1d-0c1f6f2f5b7a",
        "page=12 heap=312Mi status=500 took=1.5s url=http://shop:8080/v1?page=2",
        "token expired",
        "the bearer token is missing",
        "no basic auth credentials",
        "Basic authentication failed",
        "secret \"db-creds\" not found",
        "Error: secret \"db-creds\" not found",
        "failed to get secret: secrets \"db-creds\" not found",
        "MountVolume.SetUp failed for volume \"creds\" : secret \"db-creds\" not found",
        "MountVolume.SetUp failed for volume \"db-password\" : secret \"db-password\" not found",
        "MountVolume.SetUp failed for volume \"token\" : failed to sync secret cache: timed out waiting for the condition",
        "couldn't find key password in Secret default/db-creds",
        "references non-existent secret key: tls.crt",
        "failed to pull image \"ghcr.io/x/y:1\": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
        "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.docker.io/token?scope=repository%3Alibrary%2Fx%3Apull&service=registry.docker.io: 401 Unauthorized",
        "Access denied for user 'app'@'10.42.0.7' (using password: YES)",
        "FATAL: password authentication failed for user \"app\"",
        "DB_PASSWORD:  <set to the key 'password' in secret 'db-creds'>  Optional: false",
        "secretName: db-creds",
        "\"secret\":{\"secretName\":\"db-creds\"}",
        "imagePullSecrets:\n- name: regcred",
        "secretKeyRef:\n  name: db-creds\n  key: password",
        "DB_PASSWORD_FILE=/run/secrets/db",
        "--token-file /var/run/secrets/kubernetes.io/serviceaccount/token",
        "automountServiceAccountToken: false",
        "passwordRequired=true password=null",
        "PWD=/app\nOLDPWD=/",
        "\"author\":\"Bob\",\"authenticated\":true",
        "git clone ssh://git@github.com/x/y",
        "at /usr/share/App1/Server/Internal/Handlers/Requests/Version2/Endpoints/Users.cs:12",
        "java.lang.OutOfMemoryError: Java heap space at com.example.Scraper.run(Scraper.java:42)",
        "Scraping page=7 of 12: GET http://shop.example.com/catalog?page=7 200 in 1312 ms (heap=298Mi of 256Mi)",
        "größer als 5 € – naïve façade",
        "",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Redact_Secret_IsGoneAndTheRestIsIntact(string text, string secret, string left) =>
        Redactor.Redact(text.Replace("{0}", secret, StringComparison.Ordinal))
            .ShouldBe(left.Replace("{0}", Redactor.Mark, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Redact_Twice_ChangesNothingMore(string text, string secret, string left)
    {
        var once = Redactor.Redact(text.Replace("{0}", secret, StringComparison.Ordinal));

        Redactor.Redact(once).ShouldBe(once, left);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void Redact_Harmless_IsTheSameInstance(string text) => Redactor.Redact(text).ShouldBeSameAs(text);

    [Theory]
    [InlineData("alertname", "KubePodCrashLooping", "KubePodCrashLooping")]
    [InlineData("secret", "db-creds", "db-creds")]
    [InlineData("secret_name", "db-creds", "db-creds")]
    [InlineData("db_password", "hunter2", Redactor.Mark)]
    [InlineData("apiKey", "abc", Redactor.Mark)]
    [InlineData("token", "", "")]
    [InlineData("summary", "login with token=abc123 failed", "login with token=[redacted] failed")]
    public void Redact_NamedValue_LosesSecretsByNameAndByForm(string name, string value, string redacted) =>
        Redactor.Redact(name, value).ShouldBe(redacted);

    [Fact]
    public void Redact_SearchThatFails_WithholdsTheText() =>
        Redactor.Redact("password=hunter2", _ => throw new RegexMatchTimeoutException()).ShouldBe(Redactor.Withheld);

    [Fact]
    public void Redact_SearchThatNeverEnds_WithholdsTheText() =>
        Redactor.Redact("password=hunter2", _ => [new SecretSpan(0, 1)]).ShouldBe(Redactor.Withheld);

    [Fact]
    public void Redact_Withheld_IsNoSecret() => Redactor.Redact(Redactor.Withheld).ShouldBeSameAs(Redactor.Withheld);

    [Fact]
    public void Redact_Null_IsRefused() => Should.Throw<ArgumentNullException>(() => Redactor.Redact(null!));
}
