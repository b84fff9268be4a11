using AlertResponder.Host.Tracing;
using Microsoft.Extensions.Configuration;

namespace AlertResponder.Tests.Unit.Tracing;

public sealed class TracingSettingsTests
{
    private static readonly (string, string?) Endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317");

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "grpc or http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http", "grpc or http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector", "http://host:4317")]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes", "parentbased_traceidratio")]
    public void Errors_BadValue_SaysWhatIsRight(string name, string value, string fix) =>
        TracingSettings.Errors(Configuration(Endpoint, (name, value))).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            error => error.ShouldStartWith(name), error => error.ShouldContain(fix));

    [Theory]
    [InlineData("2")]
    [InlineData("-0.1")]
    [InlineData("a tenth")]
    public void Errors_BadRatio_SaysBetween0And1(string ratio) =>
        TracingSettings.Errors(Configuration(Endpoint, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", ratio)))
            .ShouldHaveSingleItem().ShouldContain("between 0 and 1");

    [Theory]
    [InlineData("parentbased_traceidratio", "0.1")]
    [InlineData("always_on", "whatever")]
    [InlineData("", "")]
    public void Errors_GoodSampler_None(string sampler, string argument) =>
        TracingSettings.Errors(Configuration(Endpoint, ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument))).ShouldBeEmpty();

    [Fact]
    public void Errors_NothingIsExported_NobodyReadsTheRest() =>
        TracingSettings.Errors(Configuration(("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"), ("OTEL_TRACES_SAMPLER", "sometimes"))).ShouldBeEmpty();

    private static IConfiguration Configuration(params (string Name, string? Value)[] variables) =>
        new ConfigurationBuilder().AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))).Build();
}
