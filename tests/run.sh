#!/usr/bin/env bash
# Sets up what the tests need, builds, and runs them.
#
#   tests/run.sh                       all
#   tests/run.sh unit|e2e [filter…]    one part; what follows goes to the xunit runner: -class 'Some.Namespace.SomeTests'
#
# With CI=true, all are the packages (tests/packages.sh: a known vulnerability counts as one test that failed) and what goes into the image, too.
#
# Needs nothing but bash and git on Debian or Ubuntu: what is missing it installs with apt, as root or with sudo, or says
# how to install it. The last line is "N passed, N failed"; the exit code is 0 only if all that ran passed.
set -euo pipefail

readonly root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
readonly unit_limit=300 e2e_limit=1500 # seconds, so that a hang fails
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1

work=
policy=
runner_id=
passed=0 failed=0 skipped=0

say() { printf '%s\n' "$*"; }

# The script ends here on every path, so the summary is always its last line.
finish() {
  local code=$?
  trap - EXIT INT TERM
  set +e
  if [[ -n $runner_id ]]; then kill "$runner_id" && wait "$runner_id"; fi
  restore_policy
  if [[ -n $work ]]; then rm -rf -- "$work"; fi
  if ((code != 0 && failed == 0)); then failed=1; fi
  local summary="$passed passed, $failed failed"
  if ((skipped > 0)); then summary+=", $skipped skipped"; fi
  say "$summary"
  exit $((failed > 0))
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  say "$@" >&2
  exit 1
}

timed() {
  local what=$1 began=$SECONDS
  shift
  "$@"
  say "$what: $((SECONDS - began)) s"
}

quietly() { # shows what a command wrote only if it fails
  "$@" </dev/null >"$work/log" 2>&1 || {
    local code=$?
    cat "$work/log"
    return "$code"
  }
}

as_root=()
can_install() {
  command -v apt-get >/dev/null || return 1
  if ((EUID == 0)); then return 0; fi
  as_root=(sudo -n)
  command -v sudo >/dev/null && sudo -n true 2>/dev/null
}

# A package starts its service when it is installed, unless this file says no. The tests start servers of their own.
deny_services() {
  if [[ -e /usr/sbin/policy-rc.d ]]; then return 0; fi
  policy=/usr/sbin/policy-rc.d
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
}

restore_policy() {
  if [[ -n $policy ]]; then "${as_root[@]}" rm -f -- "$policy"; fi
  policy=
}

apt_update() {
  if [[ -e $work/updated ]]; then return 0; fi
  quietly "${as_root[@]}" apt-get update -q
  touch "$work/updated"
}

apt_install() {
  say "Installing $*"
  deny_services
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
  restore_policy
}

has_sdk() { command -v dotnet >/dev/null && (cd "$root" && dotnet --version >/dev/null 2>&1); } # global.json decides

ensure_sdk() {
  if has_sdk; then return 0; fi
  # Where Microsoft's install script puts it, which it does not add to the PATH.
  if [[ -x ${HOME:-}/.dotnet/dotnet ]]; then
    export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH
    if has_sdk; then return 0; fi
  fi

  if can_install; then
    apt_update
    if apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
      apt_install dotnet-sdk-10.0 ca-certificates
      if has_sdk; then return 0; fi
    fi
  fi

  fail "The .NET 10 SDK is missing, and this machine's package sources don't have it (package dotnet-sdk-10.0)." \
    $'\nInstall it, for instance with Microsoft\'s script, and run this again:' \
    $'\n  curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0'
}

# RabbitMQ, Alertmanager, Prometheus, PostgreSQL, kubectl and Chromium; where Docker works the tests take containers for those servers that
# are not installed (tests/EndToEnd/Servers/InstalledServer.cs).
ensure_servers() {
  local missing=()
  [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || missing+=(rabbitmq-server)
  command -v prometheus-alertmanager >/dev/null || command -v alertmanager >/dev/null || missing+=(prometheus-alertmanager)
  command -v prometheus >/dev/null || missing+=(prometheus)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  if ((${#missing[@]} > 0)) && command -v docker >/dev/null && docker info >/dev/null 2>&1; then missing=(); fi
  command -v kubectl >/dev/null || missing+=(kubernetes-client)
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
  if ((${#missing[@]} == 0)); then return 0; fi

  can_install || fail "The end-to-end tests need ${missing[*]} (of the servers Docker will do instead). Install them and run this again:" \
    $'\n'"  apt-get install ${missing[*]}"
  apt_update
  apt_install "${missing[@]}"
}

has_node() { # with npm, and as new as tests/JavaScript/package.json wants it
  command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null
}

# For the vendors' JavaScript clients, which the tests themselves install with npm in a temporary folder.
ensure_node() {
  if has_node; then return 0; fi
  if can_install; then
    local missing=()
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    if ((${#missing[@]} > 0)); then
      apt_update
      apt_install "${missing[@]}"
      if has_node; then return 0; fi
    fi
  fi

  fail "The end-to-end tests need Node.js 18 or newer with npm. Install them and run this again:" \
    $'\n  apt-get install nodejs npm' \
    $'\nor, where those packages are older, as https://nodejs.org/en/download says.'
}

build() {
  cd "$root"
  quietly dotnet restore --locked-mode Pipeline.sln
  quietly dotnet build -c Release --no-restore Pipeline.sln
}

check_packages() { "$root/tests/packages.sh" || failed=$((failed + 1)); }

# The image has no simulators and no commands for them.
check_image() {
  local out=$root/src/Host/bin/image/Release/net10.0 code=0
  quietly dotnet restore --locked-mode src/Host -p:Lab=false
  quietly dotnet build -c Release --no-restore src/Host -p:Lab=false -p:BuildProjectReferences=false
  dotnet "$out/AlertResponder.Host.dll" demo >"$work/log" 2>&1 || code=$?
  if [[ -e $out/AlertResponder.Simulators.dll || $code != 2 ]]; then
    say "What goes into the image has the simulators, or its command demo answers $code:" "$(cat "$work/log")"
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
}

attribute() { # name: the sum of that attribute over the assemblies of the report
  local value sum=0
  while read -r value; do sum=$((sum + value)); done \
    < <(grep -o '<assembly [^>]*>' "$work/report.xml" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*')
  printf '%s' "$sum"
}

run_part() { # project seconds [runner arguments]
  local project=$1 limit=$2 code=0
  shift 2
  local runner=$root/tests/$project/bin/Release/net10.0/AlertResponder.Tests.$project
  rm -f -- "$work/report.xml"

  # A time-out signals the runner's whole process group, so the servers it started end with it. In the background, so
  # that this script can pass an interrupt on.
  TMPDIR=$work/tmp timeout --kill-after=20 "$limit" \
    "$runner" -noLogo -noColor -reporter quiet -longRunning 60 -result-xml "$work/report.xml" "$@" </dev/null &
  runner_id=$!
  wait "$runner_id" || code=$?
  runner_id=

  if ((code == 124 || code == 137)); then say "$project: not done within $limit s"; fi
  if [[ ! -s $work/report.xml ]]; then
    say "$project: the runner ended with exit code $code and without a report"
    failed=$((failed + 1))
    return 0
  fi

  local part_passed part_failed
  part_passed=$(attribute passed)
  part_failed=$(($(attribute failed) + $(attribute errors)))
  if ((part_failed == 0 && code != 0)); then
    say "$project: the runner ended with exit code $code"
    part_failed=1
  elif ((part_passed + part_failed == 0)); then
    say "$project: no test ran"
    part_failed=1
  fi
  passed=$((passed + part_passed))
  failed=$((failed + part_failed))
  skipped=$((skipped + $(attribute skipped)))
}

main() {
  local parts=(unit e2e)
  case ${1:-} in
    unit | e2e) parts=("$1") && shift ;;
    '') ;;
    *) fail "usage: tests/run.sh [unit|e2e [runner arguments]]" ;;
  esac

  work=$(mktemp -d)
  mkdir "$work/tmp"
  chmod 711 "$work" "$work/tmp" # PostgreSQL, as its own user, passes through

  timed "SDK" ensure_sdk
  if [[ " ${parts[*]} " == *' e2e '* ]]; then
    timed "Servers" ensure_servers
    timed "Node.js" ensure_node
  fi
  timed "Build" build
  if [[ ${CI:-} == true && ${#parts[@]} -gt 1 ]]; then
    timed "Packages" check_packages
    timed "Image" check_image
  fi

  local part
  for part in "${parts[@]}"; do
    case $part in
      unit) timed "Unit tests" run_part Unit "$unit_limit" "$@" ;;
      e2e) timed "End-to-end tests" run_part EndToEnd "$e2e_limit" "$@" ;;
    esac
  done
}

main "$@"
