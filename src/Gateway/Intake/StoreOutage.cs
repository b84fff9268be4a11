using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace AlertResponder.Gateway.Intake;

/// <summary>Tells the store's failures from mistakes of ours.</summary>
internal static class StoreOutage
{
    // What may pass by itself, such as a lost connection, Npgsql's execution strategy wraps.
    public static bool Is(Exception e) =>
        e is DbException or DbUpdateException or TimeoutException || (e is InvalidOperationException { InnerException: { } inner } && Is(inner));
}
