using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AlertResponder.Host.Logging;

/// <summary>
/// The console's log, with <see cref="TerminalText"/> for all that a line is made of: whatever name, address or answer gets into a message, an
/// exception or a scope, by our code or another's, a line stays a line. JSON has no need of it.
/// </summary>
internal static class ScrubbedConsole
{
    /// <summary>Puts it around the formatters that there are, whichever is chosen.</summary>
    public static void AddScrubbedConsole(this ILoggingBuilder logging)
    {
        for (var index = 0; index < logging.Services.Count; index++)
        {
            if (logging.Services[index] is { ServiceType: var service, ImplementationType: { } type } && service == typeof(ConsoleFormatter))
            {
                logging.Services[index] = ServiceDescriptor.Singleton(provider => Scrubbed((ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, type)));
            }
        }
    }

    private static ConsoleFormatter Scrubbed(ConsoleFormatter formatter) => formatter.Name == ConsoleFormatterNames.Json ? formatter : new Formatter(formatter);

    private sealed class Formatter(ConsoleFormatter inner) : ConsoleFormatter(inner.Name), IDisposable
    {
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            var (formatter, exception) = (logEntry.Formatter, logEntry.Exception);
            inner.Write(
                new LogEntry<TState>(
                    logEntry.LogLevel,
                    logEntry.Category,
                    logEntry.EventId,
                    logEntry.State,
                    exception is null ? null : new ScrubbedException(exception),
                    (state, _) => TerminalText.OneLine(formatter(state, exception))),
                scopeProvider is null ? null : new Scopes(scopeProvider),
                textWriter);
        }

        public void Dispose() => (inner as IDisposable)?.Dispose();
    }

    // The lines of a stack trace are its own; those of a message are whoever's the message quotes.
    private sealed class ScrubbedException(Exception inner) : Exception(inner.Message)
    {
        public override string ToString()
        {
            var text = inner.ToString();
            foreach (var message in Messages(inner).Where(message => message.Length > 0))
            {
                text = text.Replace(message, TerminalText.OneLine(message), StringComparison.Ordinal);
            }

            return TerminalText.Lines(text);
        }

        private static IEnumerable<string> Messages(Exception failure) =>
        [
            failure.Message,
            .. (failure is AggregateException all ? all.InnerExceptions : failure.InnerException is { } one ? [one] : Enumerable.Empty<Exception>()).SelectMany(Messages),
        ];
    }

    private sealed class Scopes(IExternalScopeProvider inner) : IExternalScopeProvider
    {
        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
            inner.ForEachScope((scope, given) => callback(scope?.ToString() is { } text ? TerminalText.OneLine(text) : null, given), state);

        public IDisposable Push(object? state) => inner.Push(state);
    }
}
