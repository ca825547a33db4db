# What the blocks of the documents do differently here, and why; everything else runs as it stands.
# Addresses and folders are changed in the text of a block: places.ts.
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
    'work'*) SLUICE_PORT=0 stays 'health\|listens on' sluiced "$@" ;;
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
  (cd "$(dirname "$file")" && set -a && . ./.env && compose-loader "$(basename "$file")") >"$SCRATCH/compose.yaml" || return
  case "$*" in
    'up --build --detach') ;;
    'run --rm --no-deps worker-1 '*) grep -q '^  worker-1:$' "$SCRATCH/compose.yaml" && shift 4 && sluiced "$@" ;;
    *) return 1 ;;
  esac
}

# No systemd: its units are those processes of this shell that have started as them.
systemd-run() {
  while [[ $1 == --* ]]; do
    case "$1" in
      --property=EnvironmentFile=*) local file=${1#*=*=} ;;
      --working-directory=*) local folder=${1#*=} ;;
    esac
    shift
  done
  (cd "$folder" && set -a && . "$file" && command "$@")
}

systemctl() {
  local verb=$1 unit
  shift
  for unit in "$@"; do
    case "$verb $unit" in
      'daemon-reload '*) ;;
      'stop sluiced@work-*') end_what_stays ;;
      'start sluiced@'* | 'enable sluiced@'*) start_unit "${unit#sluiced@}" ;;
      'enable --now') ;;
      *) return 1 ;;
    esac
  done
}

# As the unit does: its files, its folder, its command. The whole of it is checked by systemd-analyze.
start_unit() {
  local unit="$CLONE/deploy/sluiced@.service" etc="$SCRATCH/etc/sluice" opt="$SCRATCH/opt/sluice"
  local start
  start=$(sed -n "s|^ExecStart=/opt/sluice|$opt|p" "$unit")
  (
    cd "$opt" && set -a && . "$etc/sluice.env" && . <(sed 's/=\(.* .*\)$/="\1"/' "$etc/$1.env")
    case "$SLUICED_COMMAND" in work) SLUICE_PORT=0 ;; esac
    eval "exec $start" >"$SCRATCH/unit-$1.log" 2>&1
  ) &
  local pid=$!
  until grep -q 'listens on\|health' "$SCRATCH/unit-$1.log" 2>/dev/null; do
    kill -0 $pid 2>/dev/null || { cat "$SCRATCH/unit-$1.log"; return 1; }
    sleep 0.1
  done
}
