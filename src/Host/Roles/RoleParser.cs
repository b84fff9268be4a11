namespace AlertResponder.Host.Roles;

/// <summary>Reads <c>--roles gateway,enrichment</c> or <c>Roles=…</c>.</summary>
internal static class RoleParser
{
    /// <summary>The roles that the text names; all of them when it names none.</summary>
    /// <param name="text">Names separated by commas.</param>
    /// <param name="error">What is wrong with it; null when nothing is.</param>
    public static Role Parse(string? text, out string? error)
    {
        error = null;
        var names = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var roles = Role.None;
        foreach (var name in names)
        {
            if (!Enum.TryParse<Role>(name, ignoreCase: true, out var role) || role is Role.None || !Enum.IsDefined(role) || !char.IsAsciiLetter(name[0]))
            {
                error = $"Roles names \"{name}\": the roles are gateway, enrichment, analysis, notification, remediation; none means all.";
                return Role.None;
            }

            roles |= role;
        }

        return roles == Role.None ? Role.All : roles;
    }
}
