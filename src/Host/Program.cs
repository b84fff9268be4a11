using AlertResponder.Host.Commands;

return await CommandLine.InvokeAsync(args);
