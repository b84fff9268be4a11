using AlertResponder.Resilience.Failures;

namespace AlertResponder.Tests.Unit.Resilience;

public sealed class UnquotedExceptionTests
{
    [Fact]
    public void ToString_FailureThatQuotes_SaysWhatAndWhereButNoMessage()
    {
        var failure = Record.Exception(Outer).ShouldNotBeNull();
        failure.ToString().ShouldContain("hunter2");

        var text = new UnquotedException(failure).ToString();

        text.ShouldStartWith("System.InvalidOperationException");
        text.ShouldContain("because of System.FormatException");
        text.ShouldContain(nameof(Outer));
        text.ShouldContain(nameof(Inner));
        text.ShouldNotContain("hunter2");
        new UnquotedException(failure).Message.ShouldBe("System.InvalidOperationException");
    }

    private static void Outer()
    {
        try
        {
            Inner();
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException("outer hunter2", e);
        }
    }

    private static void Inner() => throw new FormatException("inner hunter2");
}
