using System.Text;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class SubjectKeyTests
{
    // PostgreSQL gets strict UTF-8: half of a pair could not be stored.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [Fact]
    public void For_ShortSubject_IsReadable()
    {
        SubjectKey.For(new Subject("CronJob", "cardboard", "price-scraper")).ShouldBe("CronJob/cardboard/price-scraper");
        SubjectKey.For(new Subject("Node", null, "k3s-agent-2")).ShouldBe("Node//k3s-agent-2");
        SubjectKey.For(new Subject("Node", null, "k3s-agent-2", "eu-1")).ShouldBe("eu-1@Node//k3s-agent-2");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("☃")]
    [InlineData("🚨")]
    public void For_EveryLength_StaysWithinItsBoundAndIsUnicode(string character)
    {
        HashSet<string> keys = [];
        for (var length = 0; length <= 400; length++)
        {
            var key = SubjectKey.For(new Subject("Alert", null, string.Concat(Enumerable.Repeat(character, length)) + "x"));
            key.Length.ShouldBeLessThanOrEqualTo(SubjectKey.MaxLength);
            Should.NotThrow(() => Strict.GetByteCount(key)).ShouldBeLessThan(2704);
            keys.Add(key).ShouldBeTrue();
        }
    }

    [Fact]
    public void For_LongNamesThatDifferAtTheEnd_AreDistinct() =>
        SubjectKey.For(new Subject("Alert", null, new string('x', 2000) + "1")).ShouldNotBe(SubjectKey.For(new Subject("Alert", null, new string('x', 2000) + "2")));

    [Fact]
    public void For_SameNameOfAnotherKindOrNamespace_IsDistinct() =>
        new[]
        {
            new Subject("Deployment", "a", "b"), new Subject("StatefulSet", "a", "b"), new Subject("Deployment", "b", "b"), new Subject("Deployment", null, "b"),
            new Subject("Deployment", "a", "b-b"), new Subject("Deployment", "a", "b", "x"), new Subject("Deployment", "a", "b", "y"),
            new Subject("Deployment", "a", "b", "x@y"), new Subject("Deployment", "a", "b", "x/y"), new Subject("Alert", null, "x@Deployment/a/b"),
        }.Select(SubjectKey.For).ShouldBeUnique();
}
