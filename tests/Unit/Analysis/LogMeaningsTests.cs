using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Logs;

namespace AlertResponder.Tests.Unit.Analysis;

/// <summary>What the usual runtimes, databases and shells say of the usual troubles.</summary>
public sealed class LogMeaningsTests
{
    [Theory]

    // Not reached.
    [InlineData("Error: connect ECONNREFUSED 10.43.2.2:5432", "10.43.2.2:5432 refuses connections")]
    [InlineData("psycopg2.OperationalError: connection to server at \"pg.data.svc\" (10.43.1.9), port 5432 failed: Connection refused", "pg.data.svc refuses connections")]
    [InlineData("SQLSTATE[HY000] [2002] Connection refused", "something it depends on refuses connections")]
    [InlineData("java.net.ConnectException: Connection refused: kafka-0.kafka/10.43.0.7:9092", "10.43.0.7:9092 refuses connections")]
    [InlineData("Post \"http://billing.shop.svc:8080/charge\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)", "billing.shop.svc:8080 does not answer")]
    [InlineData("SQLSTATE[HY000] [2002] Connection timed out", "something it depends on does not answer")]
    [InlineData("java.net.SocketTimeoutException: connect timed out", "something it depends on does not answer")]
    [InlineData("Error: connect ETIMEDOUT 10.43.9.1:6379", "10.43.9.1:6379 does not answer")]
    [InlineData("dial tcp 10.0.0.1:443: connect: no route to host", "10.0.0.1:443 cannot be reached")]

    // Not resolved.
    [InlineData("Error: getaddrinfo EAI_AGAIN redis", "the name redis does not resolve")]
    [InlineData("Error: getaddrinfo ENOTFOUND mongo.data", "the name mongo.data does not resolve")]
    [InlineData("java.net.UnknownHostException: kafka: Name or service not known", "the name kafka does not resolve")]
    [InlineData("socket.gaierror: [Errno -2] Name or service not known", "a name that it depends on does not resolve")]
    [InlineData("PHP Fatal error: php_network_getaddresses: getaddrinfo for mysql failed: Name or service not known", "the name mysql does not resolve")]
    [InlineData("curl: (6) Could not resolve host: api.internal", "the name api.internal does not resolve")]

    // TLS.
    [InlineData("tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-06-01T00:00:00Z is after 2026-05-30T00:00:00Z", "a TLS certificate has expired")]
    [InlineData("ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1000)", "a TLS certificate has expired")]
    [InlineData("Error: self-signed certificate in certificate chain", "a TLS certificate is not accepted")]
    [InlineData("Error: unable to verify the first certificate", "a TLS certificate is not accepted")]
    [InlineData("Caused by: sun.security.provider.certpath.SunCertPathBuilderException: PKIX path building failed: unable to find valid certification path to requested target", "a TLS certificate is not accepted")]
    [InlineData("curl: (60) SSL certificate problem: unable to get local issuer certificate", "a TLS certificate is not accepted")]

    // Permissions.
    [InlineData("mkdir /data/db: permission denied", "it lacks a permission")]
    [InlineData("nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", "it lacks a permission")]
    [InlineData("java.nio.file.AccessDeniedException: /var/lib/app", "it lacks a permission")]
    [InlineData("PermissionError: [Errno 13] Permission denied: '/data/x'", "it lacks a permission")]
    [InlineData("pods is forbidden: User \"system:serviceaccount:ops:op\" cannot watch resource \"pods\" in API group \"\" in the namespace \"ops\"", "its service account ops:op may not watch pods (RBAC)")]

    // Settings.
    [InlineData("Missing required environment variable: STRIPE_KEY", "STRIPE_KEY is not set")]
    [InlineData("panic: env DATABASE_URL not set", "DATABASE_URL is not set")]
    [InlineData("Error: Config validation error: \"DATABASE_URL\" is required", "DATABASE_URL is not set")]
    [InlineData("Could not resolve placeholder 'DB_URL' in value \"${DB_URL}\"", "DB_URL is not set")]
    [InlineData("KeyError: 'SMTP_HOST'", "SMTP_HOST is not set")]
    [InlineData("bash: DB_HOST: unbound variable", "DB_HOST is not set")]
    [InlineData("/start.sh: line 3: DB_HOST: unbound variable", "DB_HOST is not set")]
    [InlineData("FileNotFoundError: [Errno 2] No such file or directory: '/etc/app/app.toml'", "/etc/app/app.toml does not exist")]
    [InlineData("open /etc/app/app.toml: no such file or directory", "/etc/app/app.toml does not exist")]
    [InlineData("Error: ENOENT: no such file or directory, open '/app/config.json'", "/app/config.json does not exist")]
    [InlineData("Error: unknown flag: --compresion", "it is started with an option that it does not know")]
    [InlineData("yaml: line 12: did not find expected key", "its configuration cannot be parsed")]

    // Places that are taken or full.
    [InlineData("listen tcp :8080: bind: address already in use", "its port is already in use")]
    [InlineData("OSError: [Errno 98] Address already in use", "its port is already in use")]
    [InlineData("java.net.BindException: Address already in use", "its port is already in use")]
    [InlineData("write /data/wal/0001: no space left on device", "a disk is full")]
    [InlineData("OSError: [Errno 28] No space left on device", "a disk is full")]
    [InlineData("PANIC:  could not write to file \"pg_wal/xlogtemp.29\": No space left on device", "a disk is full")]
    [InlineData("FATAL:  sorry, too many clients already", "PostgreSQL takes no more connections")]

    // Databases.
    [InlineData("org.flywaydb.core.internal.command.DbMigrate$FlywayMigrateException: Migration V12__add.sql failed", "its database migration failed")]
    [InlineData("Error: P3009 migrate found failed migrations in the target database", "its database migration failed")]
    [InlineData("ActiveRecord::PendingMigrationError: Migrations are pending", "its database migration failed")]
    [InlineData("alembic.util.exc.CommandError: Can't locate revision identified by 'ae1027a6acf'", "its database migration failed")]
    [InlineData("error: Dirty database version 88. Fix and force version.", "its database migration failed")]
    [InlineData("django.db.utils.ProgrammingError: relation \"orders\" does not exist", "the relation orders does not exist")]
    [InlineData("Npgsql.PostgresException (0x80004005): 3D000: database \"orders_v2\" does not exist", "the database orders_v2 does not exist")]
    [InlineData("ERROR 1049 (42000): Unknown database 'shop'", "the database shop does not exist")]
    [InlineData("FATAL:  password authentication failed for user \"app\"", "something it depends on refuses its credentials")]
    [InlineData("ERROR 1045 (28000): Access denied for user 'app'@'10.42.0.1'", "something it depends on refuses its credentials")]
    [InlineData("error: mvcc: database space exceeded", "its storage has reached its quota")]

    // Programs.
    [InlineData("exec /bin/app: exec format error", "the binary is built for another CPU architecture")]
    [InlineData("/entrypoint.sh: line 12: syntax error near unexpected token `fi'", "its script has a syntax error")]
    [InlineData("/entrypoint.sh: 7: Syntax error: end of file unexpected", "its script has a syntax error")]
    [InlineData("sh: 1: gunicorn: not found", "the command gunicorn is not in the image")]
    [InlineData("exec: \"gunicorn\": executable file not found in $PATH: unknown", "the command gunicorn is not in the image")]
    [InlineData("env: 'node': No such file or directory", "the command node is not in the image")]
    [InlineData("ModuleNotFoundError: No module named 'flask'", "the module flask is missing")]
    [InlineData("Error: Cannot find module 'express'", "the module express is missing")]
    [InlineData("Error: Could not find or load main class com.example.Main", "the module com.example.Main is missing")]
    [InlineData("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "the process ran out of its own memory")]
    [InlineData("java.lang.OutOfMemoryError: GC overhead limit exceeded", "the process ran out of its own memory")]
    [InlineData("fatal error: runtime: out of memory", "the process ran out of its own memory")]
    [InlineData("error while loading shared libraries: libssl.so.1.1: cannot open shared object file: No such file or directory", "the library libssl.so.1.1 is missing")]
    public void Of_ALine_IsWhatItMeans(string line, string meaning) => LogMeanings.Of(line)?.Text.ShouldBe(meaning);

    [Theory]
    [InlineData("GET /orders/04:56:12 200")]
    [InlineData("listening on 0.0.0.0:8080")]
    [InlineData("connected to postgres:5432")]
    [InlineData("user 401 logged in")]
    [InlineData("migrations are up to date")]
    public void Of_AnInnocentLine_IsNothing(string line) => LogMeanings.Of(line).ShouldBeNull();
}
