#!/usr/bin/env bash
# Fails if a package has a known vulnerability; shows what is deprecated. Needs the .NET SDK and a restored Pipeline.sln.
#
# A feed without advisories answers like one where all is well. So a package that is known to be vulnerable is asked for first: if nothing
# is found in it, nothing can be found here, which is said and fails nothing.
set -euo pipefail
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

readonly root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
readonly found='has the following vulnerable packages'
work=$(mktemp -d)
readonly work
trap 'rm -rf -- "$work"' EXIT

advisories_are_there() {
  cat >"$work/canary.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Newtonsoft.Json" Version="[12.0.3]" />
  </ItemGroup>
</Project>
PROJECT
  dotnet list "$work/canary.csproj" package --vulnerable 2>&1 | grep -q "$found"
}

if ! advisories_are_there; then
  echo 'Vulnerable and deprecated packages could not be looked for: the package feed has no advisories.'
  exit 0
fi

cd "$root"
dotnet list Pipeline.sln package --no-restore --deprecated
dotnet list Pipeline.sln package --no-restore --vulnerable --include-transitive | tee "$work/vulnerable"
! grep -q "$found" "$work/vulnerable"
