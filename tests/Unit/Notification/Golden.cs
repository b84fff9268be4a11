using System.Runtime.CompilerServices;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>Expected output kept as files beside the tests. <c>UPDATE_GOLDEN=1</c> rewrites them from what the code gives now.</summary>
internal static class Golden
{
    public static void ShouldMatch(string name, string actual, [CallerFilePath] string caller = "")
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(caller)!, "golden", name), actual);
        else
            actual.ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Notification", "golden", name)));
    }
}
