using System.CommandLine;
using AlertResponder.Host.Commands;

// The host ends by itself on SIGTERM, after the messages in hand; the command line's own two seconds would cut them off.
return await CommandLine.Root().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
