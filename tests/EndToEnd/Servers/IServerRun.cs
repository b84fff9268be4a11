namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>One run of a server, from its start to its end: a child process or a container.</summary>
internal interface IServerRun
{
    bool HasExited { get; }

    /// <summary>Asks it to stop and waits until it has; kills it when it takes too long.</summary>
    Task StopAsync();

    /// <summary>Ends it at once, as a crash would.</summary>
    Task KillAsync();
}
