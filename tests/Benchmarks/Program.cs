using AlertResponder.Tests.Benchmarks;

return await BenchmarkCommand.Root().Parse(args).InvokeAsync();
