# What the blocks of the documents do differently here, and why; everything else runs as it stands.
# Addresses and folders are changed in the text of a block: page.ts.
# SCRATCH is a folder of the page's own, SUITE the one of this file, SERVER where its server listens.

# Commands that stay go to the background once they serve; what they have printed by then is shown.
stays() { # PATTERN COMMAND…
  local serves=$1 log pid
  shift
  log=$(mktemp -p "$SCRATCH" log-XXXXXX)
  command "$@" >"$log" 2>&1 &
  pid=$!
  until grep -q "$serves" "$log"; do
    kill -0 $pid 2>/dev/null || { cat "$log"; wait $pid; return; }
    sleep 0.1
  done
  sleep 0.2 # the rest of what it says at once
  cat "$log"
}

end_what_stays() {
  local pid
  for pid in $(jobs -p); do kill -TERM -- -"$pid" 2>/dev/null; done
  wait 2>/dev/null
}

# Processes of one machine need ports of their own: the first has that of the page, the others any.
sluiced() {
  case "$*" in
    'serve'*) SLUICE_PORT=$(port_to_use) stays 'listens on' sluiced "$@" ;;
    'work'*) SLUICE_PORT=0 stays 'Sluice works' sluiced "$@" ;;
    *) command sluiced "$@" ;;
  esac
}

port_to_use() { (exec 3<>"/dev/tcp/127.0.0.1/$SLUICE_PORT") 2>/dev/null && echo 0 || echo "$SLUICE_PORT"; }

npm() {
  case "$*" in
    start) stays '  Workspace\|^Sluice listens' npm start ;;
    # It stays, too. Word for word: what it prints is what a shell reads.
    'run services') stays 'until Ctrl-C' npm run services ;;
    # Minutes; a step of .ci/run each, which is looked for there.
    test) grep -qx 'without_skips npm test' "$SUITE/../../.ci/run" ;;
    'run check') grep -q '^biome check' "$SUITE/../../.ci/run" && grep -qx 'tsc -p .' "$SUITE/../../.ci/run" ;;
    'run bench') grep -q '^node bench/run.ts' "$SUITE/../../.ci/run" ;;
    'run bench -- --quick'*) grep -q '^node bench/run.ts --quick --no-large' "$SUITE/../../.ci/run" ;;
    'run bench'*) command npm "$@" --quick --no-large --runs 1 ;;
    *) command npm "$@" ;;
  esac
}

# Somebody types at `sluice login`, and presses Ctrl-C in the midst of an upload.
sluice() {
  case "$*" in
    login) python3 "$SUITE/typed.py" 'Address' "http://$SERVER" 'API key' "$(cat data/api-key)" 'Workspace' '' -- sluice login ;;
    'upload scans --safe-mode'*) interrupted python3 "$SUITE/typed.py" -- sluice "$@" ;;
    *) command sluice "$@" ;;
  esac
}

# Ctrl-C once the newest session has some files.
interrupted() {
  local sessions="http://$SERVER/api/v1/workspaces/${DEFAULT_WORKSPACE_NAME:-default}/upload_sessions" pid newest
  command "$@" &
  pid=$!
  until ask "$sessions?limit=1" | jq -e '.data[0].status == "OPEN"' >/dev/null; do sleep 0.1; done
  newest=$(ask "$sessions?limit=1" | jq -r '.data[0].session_id')
  until ask "$sessions/$newest" | jq -e '.total_files > 20' >/dev/null; do sleep 0.1; done
  kill -INT -- -$pid
  wait $pid
}

ask() { command curl -s -H "Authorization: Bearer $(cat data/api-key)" "$1"; }

# No container engine: the compose file goes through Compose's own loader, and a command in a container runs without it.
docker() {
  [ "$1 $2" = 'compose --file' ] || return 1
  local file=$3
  shift 3
  sed -i 's/=$/=filled-in-0123456789abcdef/' "$(dirname "$file")/.env"
  (cd "$(dirname "$file")" && set -a && . ./.env && compose-loader "$(basename "$file")") >"$SCRATCH/compose.yaml" || return
  case "$*" in
    'up --build --detach') ;;
    'run --rm --no-deps worker-1 '*) grep -q '^ *worker-1:$' "$SCRATCH/compose.yaml" && shift 4 && sluiced "$@" ;;
    *) return 1 ;;
  esac
}

# No systemd: its units are processes of this shell, by the unit's own command and files, on any free port. The unit as a whole is
# read by systemd-analyze.
declare -A UNITS

systemctl() {
  case "$1" in
    daemon-reload) sed "s|/opt/sluice|$SCRATCH/opt/sluice|g" -i "$SCRATCH/etc/systemd/system/sluiced@.service" &&
      systemd-analyze verify "$SCRATCH/etc/systemd/system/sluiced@.service" ;;
    enable | start) for_units start_unit "$@" ;;
    stop) for_units stop_unit "$@" ;;
    *) return 1 ;;
  esac
}

for_units() { # FUNCTION VERB [--now] UNIT…
  local function=$1 unit
  shift 2
  for unit in "${@#--now}"; do
    [ -z "$unit" ] || "$function" "${unit#sluiced@}" || return
  done
}

start_unit() {
  local log="$SCRATCH/unit-$1.log"
  (
    cd "$SCRATCH/opt/sluice" && set -a && . "$SCRATCH/etc/sluice/sluice.env" && . "$SCRATCH/etc/sluice/$1.env" || exit
    SLUICE_PORT=0
    eval "exec $(sed -n 's/^ExecStart=//p' "$SCRATCH/etc/systemd/system/sluiced@.service")"
  ) >"$log" 2>&1 &
  UNITS[$1]=$!
  until grep -q 'listens on\|Sluice works' "$log"; do
    kill -0 ${UNITS[$1]} 2>/dev/null || { cat "$log"; return 1; }
    sleep 0.1
  done
}

stop_unit() { # a pattern
  local name
  for name in "${!UNITS[@]}"; do
    [[ $name == $1 ]] || continue
    kill -TERM -- -${UNITS[$name]} && { wait ${UNITS[$name]} || return; }
    unset "UNITS[$name]"
  done
}

systemd-run() {
  local file folder
  while [[ $1 == --* ]]; do
    case "$1" in
      --property=EnvironmentFile=*) file=${1#*=*=} ;;
      --working-directory=*) folder=${1#*=} ;;
    esac
    shift
  done
  (cd "$folder" && set -a && . "$file" && command "$@")
}
