using AlertResponder.Host.Commands;

return await CommandLine.Root().Parse(args).InvokeAsync();
