using AlertResponder.Enrichment.Gathering;
using AlertResponder.Enrichment.Gathering.Workloads;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class DependenciesTests
{
    [Theory]
    [InlineData("dial tcp: lookup redis.data.svc.cluster.local on 10.43.0.10:53: no such host", "data/redis")]
    [InlineData("could not connect to postgres:5432: Connection refused", "shop/postgres?")]
    [InlineData("Error: getaddrinfo ENOTFOUND mongo", "shop/mongo")]
    [InlineData("psycopg2.OperationalError: could not translate host name \"db\" to address", "shop/db")]
    [InlineData("connection to server at \"pg\" (10.43.1.9), port 5432 failed: Connection refused", "shop/pg?")]
    [InlineData("java.net.UnknownHostException: orders.backend", "backend/orders?")]
    [InlineData("Get \"http://search.data.svc:9200/_health\": context deadline exceeded", "data/search?")]
    [InlineData("lookup pg-0.pg.data.svc.cluster.local: no such host", "data/pg")]
    [InlineData("redis://[redacted]@cache:6379: i/o timeout", "shop/cache?")]
    [InlineData("POST https://api.payments.example.com:443: connection refused", "")]
    [InlineData("dial tcp 10.43.7.1:5432: connect: connection refused", "")]
    [InlineData("main.go:42: dial: connection refused", "")]
    [InlineData("localhost:5432: connection refused", "")]
    [InlineData("connected to postgres:5432", "")]
    public void In_LogLine_FindsTheService(string line, string expected) =>
        string.Join(" ", Dependencies.In(line, "shop").Select(found => $"{found.Namespace}/{found.Name}{(found.IsCertain ? "" : "?")}")).ShouldBe(expected);

    [Fact]
    public void In_SeveralLines_TheNewestFirst() =>
        Dependencies.In("a:80 connection refused\nok\nb:80 connection refused\na:80 connection refused", "shop").Select(found => found.Name).ShouldBe(["a", "b"]);
}
