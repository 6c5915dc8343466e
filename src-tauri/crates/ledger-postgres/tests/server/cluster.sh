# A private cluster in a folder of its own, for as long as somebody holds this script's standard input open. It says
# where the folder is, and then obeys, each time answering "done": "crash" stops the server as a power cut would, "start"
# starts it, "follow" makes a standby of it with a socket of its own, "cut" keeps that from what is committed from then
# on, "promote" has it take the server's place, "crash second" and "start second" do the same to it, and "hide" keeps new
# connections from the first. What it wrote goes with it, unless KEPT names an empty folder or one that an earlier cluster
# was kept in.
set -eu
PATH="$1:$PATH"
options=$2
folder=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-pg.XXXXXX")
cd "$folder"
how=immediate
if [ -n "${KEPT:-}" ]; then
  ln -s "$KEPT" data
  how=fast
fi
stop_all() {
  pg_ctl -t 600 -D data -m "$how" stop >/dev/null 2>&1 || true
  [ ! -d standby ] || pg_ctl -D standby -m immediate stop >/dev/null 2>&1 || true
}
trap 'stop_all; cd /; rm -rf "$folder"' EXIT
[ -e data/PG_VERSION ] || initdb -D data -U owner -A trust --no-sync -E UTF8 --locale=C -k ${DATABASES:-} >made 2>&1 ||
  { cat made >&2; exit 1; }
mkdir -m 700 s
if [ -n "${CERTIFICATE:-}" ]; then
  # On a network it asks for passwords, and for encryption.
  umask 077
  printf '%s' "$CERTIFICATE" >certificate.pem
  printf '%s' "$KEY" >key.pem
  options="$options -c ssl=on -c ssl_cert_file=$folder/certificate.pem -c ssl_key_file=$folder/key.pem"
  echo 'local all all trust
hostssl all all 127.0.0.1/32 scram-sha-256' >data/pg_hba.conf
fi
start() {
  # Nothing here is on a network. fsync stays on, as at a venue, unless a test says otherwise.
  pg_ctl -w -D data -l log -o "-c listen_addresses='' -k $folder/s -c max_connections=200 $options" start >/dev/null 2>&1 ||
    { cat log >&2; exit 1; }
}
follow() {
  pg_basebackup -D standby -h "$folder/s" -U owner -c fast -R --no-sync >made 2>&1 || { cat made >&2; exit 1; }
  mkdir -m 700 s2
  start_second
}
start_second() {
  pg_ctl -w -D standby -l standby.log -o "-c listen_addresses='' -k $folder/s2 -c max_connections=200" start \
    >/dev/null 2>&1 || { cat standby.log >&2; exit 1; }
}
start
echo "$folder"
while read -r command; do
  case $command in
  crash) pg_ctl -D data -m immediate stop >/dev/null 2>&1 ;;
  start) start ;;
  follow) follow ;;
  cut)
    echo "primary_conninfo = ''" >>standby/postgresql.auto.conf
    pg_ctl -D standby reload >/dev/null 2>&1
    ;;
  'crash second') pg_ctl -D standby -m immediate stop >/dev/null 2>&1 ;;
  'start second') start_second ;;
  hide) mv s/.s.PGSQL.5432 s/hidden ;;
  promote) pg_ctl -w -D standby promote >/dev/null 2>&1 ;;
  esac
  echo done
done
