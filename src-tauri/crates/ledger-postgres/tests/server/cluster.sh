# A private cluster in a folder of its own, for as long as somebody holds this script's standard input open. It says
# where the folder is, and then obeys: "crash" stops the server as a power cut would, "start" starts it, each answered by
# "done".
set -eu
PATH="$1:$PATH"
options=$2
folder=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-pg.XXXXXX")
cd "$folder"
trap 'pg_ctl -D data -m immediate stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"' EXIT
initdb -D data -U owner -A trust --no-sync -E UTF8 --locale=C -k >made 2>&1 || { cat made >&2; exit 1; }
mkdir -m 700 s
start() {
  # Nothing here is on a network. fsync stays on, as at a venue, unless a test says otherwise.
  pg_ctl -w -D data -l log -o "-c listen_addresses='' -k $folder/s -c max_connections=200 $options" start >/dev/null 2>&1 ||
    { cat log >&2; exit 1; }
}
start
echo "$folder"
while read -r command; do
  case $command in
  crash) pg_ctl -D data -m immediate stop >/dev/null 2>&1 ;;
  start) start ;;
  esac
  echo done
done
