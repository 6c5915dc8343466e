#!/bin/bash
# What a venue does with the package, on a bare Debian: install, start from the desktop, hold, upgrade with the till
# open, a second user, downgrade, remove, purge. `cargo xtask package --try` runs it inside a root of its own; `short`
# leaves out all that needs a screen.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
length=${1:-long}
first=$(cat /trial/first) next=$(cat /trial/next)
begun=$SECONDS

step() { printf '\n== %s (%s s)\n' "$*" "$((SECONDS - begun))"; }
fail() {
    echo "FAILED: $*" >&2
    exit 1
}
installed() { dpkg-query -W -f '${Version}' holdfast; }

# Waits for a command to succeed, a minute at most.
soon() {
    for _ in $(seq 120); do
        if "$@"; then return 0; fi
        sleep 0.5
    done
    fail "never: $*"
}

# A user's desktop: a session bus with screen readers' bus on it, on the one screen.
as() {
    local user=$1
    shift
    runuser -u "$user" -- env -i HOME="/home/$user" USER="$user" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 DISPLAY=":$(cat /trial/display)" \
        XDG_RUNTIME_DIR="/run/user/$(id -u "$user")" DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$(id -u "$user")/bus" \
        XDG_CURRENT_DESKTOP=GNOME GTK_MODULES= NO_AT_BRIDGE=0 "$@"
}
session() {
    local user=$1 runtime
    useradd --create-home --shell /bin/bash "$user"
    runtime="/run/user/$(id -u "$user")"
    install -d -m 700 -o "$user" "$runtime"
    as "$user" dbus-daemon --session --address="unix:path=$runtime/bus" --fork
    as "$user" sh -c '/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &'
}
start() {
    as "$1" sh -c 'cd && gtk-launch app.holdfast.desk >"$HOME/holdfast.out" 2>&1 &'
    soon as "$1" xdotool search --onlyvisible --name Holdfast >/dev/null
    # A window may go while it's looked for, and X says so by an error.
    soon as "$1" xdotool search --onlyvisible --name Holdfast windowfocus
}
hands() { as "$1" python3 /trial/hands.py "${@:2}"; }
tabs() { sqlite3 "file:/home/$1/.local/share/app.holdfast.desk/training/ledger.db?mode=ro" 'SELECT count(*) FROM tab'; }
ledger_of() { echo "/home/$1/.local/share/app.holdfast.desk/training/ledger.db"; }

step "install $first from the repository"
cp /repository/holdfast.sources /etc/apt/sources.list.d/
# The next version isn't published yet.
printf 'Package: holdfast\nPin: version %s\nPin-Priority: 900\n' "$first" >/etc/apt/preferences.d/trial
apt-get update -qq
apt-get install -y -qq holdfast >/trial/install.log 2>&1 || { tail -30 /trial/install.log; fail "apt"; }
[ "$(installed)" = "$first" ] || fail "$(installed) is installed"
grep -q 'file:/repository' <<<"$(apt-cache policy holdfast)" || fail "it didn't come from the repository"

step "the line that shows a careful person the key"
apt-get install -y -qq --no-install-recommends gpg >/trial/gpg.log 2>&1
grep -m 1 -F "| gpg --show-keys" /trial/README.md | sh >/trial/key 2>&1 || { cat /trial/key; fail "no key is shown"; }
grep -qF "$(cat /trial/fingerprint)" /trial/key || fail "another key: $(cat /trial/key)"

step "what is installed answers"
holdfast --version
holdfast-cli --help >/dev/null
ldd /usr/bin/holdfast | grep 'not found' && fail "a library is missing"
test -s /usr/share/holdfast/THIRD-PARTY.txt
(cd / && md5sum --quiet --check /var/lib/dpkg/info/holdfast.md5sums)

if [ "$length" = long ]; then
    step "a desktop: a screen, a session, hands"
    apt-get install -y -qq --no-install-recommends xvfb xdotool dbus at-spi2-core python3-gi gir1.2-atspi-2.0 \
        libgtk-3-bin sqlite3 procps fonts-dejavu-core >/trial/desktop.log 2>&1
    # It picks a number that no other screen of this computer has.
    Xvfb -displayfd 3 -screen 0 1400x900x24 -ac 3>/trial/display >/dev/null 2>&1 &
    soon test -s /trial/display
    session till

    step "start from the desktop entry, hold in training"
    start till
    hands till press "Start training"
    hands till press "New tab"
    before=$(tabs till)
    hands till type "Guest or party" "Acceptance"
    hands till type "Amount" "50"
    hands till press "Open tab"
    soon test "$(tabs till)" -gt "$before"
    hands till see "Acceptance"
    held=$(tabs till)

    step "start with the computer: an entry of another place is rewritten at the next start"
    entry=/home/till/.config/autostart/Holdfast.desktop
    [ ! -e "$entry" ] || fail "it was switched on unasked"
    install -d -o till /home/till/.config/autostart
    printf '[Desktop Entry]\nType=Application\nName=Holdfast\nExec=/opt/old place/holdfast --hidden\n' >"$entry"
    chown till "$entry"
fi

step "upgrade to $next with the till open"
touch /trial/before-upgrade
rm /etc/apt/preferences.d/trial
apt-get install -y -qq holdfast >/trial/upgrade.log 2>&1 || { tail -30 /trial/upgrade.log; fail "apt"; }
[ "$(installed)" = "$next" ] || fail "$(installed) is installed"

if [ "$length" = long ]; then
    grep -F "It was asked to go on as the new version." /trial/upgrade.log || fail "the till wasn't asked"
    runs_the_new() { [ "$(readlink "/proc/$(pgrep -x holdfast | head -n 1)/exe")" = /usr/bin/holdfast ]; }
    soon runs_the_new
    grep -rqF "the system asks this program to end" /home/till/.local/share/app.holdfast.desk/log ||
        fail "the till was killed, not asked"
    newest=$(ls -t /home/till/.local/share/app.holdfast.desk/training/backups/*.db | head -n 1)
    [ "$newest" -nt /trial/before-upgrade ] || fail "no backup at its close"
    start till
    hands till see "Acceptance"
    # Only a program that was compiled for a release looks after it.
    grep -qF 'Exec="/usr/bin/holdfast" --hidden' "$entry" || [ -e /trial/debug ] || fail "$(cat "$entry")"
    [ "$(tabs till)" = "$held" ] || fail "$(tabs till) tabs, and $held before"

    step "a second user has a till and records of their own"
    session guest
    start guest
    hands guest press "Start training"
    hands guest see "New tab"
    [ "$(tabs guest)" -lt "$held" ] || fail "the second user sees the first one's tabs"
    stat -c '%a %U' /home/till/.local/share/app.holdfast.desk/training/ledger.db
    pkill -TERM -x holdfast
    soon sh -c '! pgrep -x holdfast >/dev/null'

    step "a ledger of a newer version is refused with words, and left as it was"
    # SQLite keeps the format at byte 60 of the file, four bytes, the largest first.
    sqlite3 "$(ledger_of guest)" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    printf '\000\000\003\347' | dd of="$(ledger_of guest)" bs=1 seek=60 conv=notrunc status=none
    sum=$(sha256sum "$(ledger_of guest)")
    start guest
    hands guest see "written by a newer Holdfast"
    [ "$sum" = "$(sha256sum "$(ledger_of guest)")" ] || fail "the newer ledger was changed"
fi

step "a downgrade that can't read the records is refused before anything is changed"
written=$(cat /usr/share/holdfast/ledger-format)
echo 999 >/usr/share/holdfast/ledger-format
if apt-get install -y -qq --allow-downgrades "holdfast=$first" >/trial/refused.log 2>&1; then
    fail "it was installed"
fi
grep -F "is older than the installed one" /trial/refused.log || fail "a refusal without a word"
[ "$(installed)" = "$next" ] || fail "$(installed) is installed"
[ "$(dpkg-query -W -f '${db:Status-Abbrev}' holdfast)" = "ii " ] || fail "it is half installed"

step "one that somebody means, and one of the same format, are installed"
touch /run/holdfast-downgrade
apt-get install -y -qq --allow-downgrades "holdfast=$first" >/trial/downgrade.log 2>&1
rm /run/holdfast-downgrade
apt-get install -y -qq "holdfast=$next" >>/trial/downgrade.log 2>&1
[ "$(cat /usr/share/holdfast/ledger-format)" = "$written" ] || fail "another format"
apt-get install -y -qq --allow-downgrades "holdfast=$first" >>/trial/downgrade.log 2>&1
[ "$(installed)" = "$first" ] || fail "$(installed) is installed"

step "remove asks an open till to close, keeps the records and says where, in a home with a blank too"
mkdir -p "/home/bar records/.local/share/app.holdfast.desk"
useradd records
sed -i 's,:/home/records:,:/home/bar records:,' /etc/passwd
[ "$length" = short ] || start till
apt-get remove -y -qq holdfast >/trial/remove.log 2>&1
if [ "$length" = long ]; then
    grep -F "It was asked to close." /trial/remove.log || fail "the open till wasn't asked"
    ! pgrep -x holdfast || fail "a till without a program"
fi
grep -F "/home/bar records/.local/share/app.holdfast.desk" /trial/remove.log || fail "it doesn't say where"
[ ! -e /usr/bin/holdfast ] || fail "it is still there"
[ "$length" = short ] || test -s "$(ledger_of till)"

step "purge deletes no records either, and says how"
apt-get purge -y -qq holdfast >/trial/purge.log 2>&1
grep -F "remove the folder yourself" /trial/purge.log || fail "it doesn't say how"
test -d "/home/bar records/.local/share/app.holdfast.desk"

step "the .rpm, by rpm: its scripts say and do the same"
apt-get install -y -qq --no-install-recommends rpm >/trial/rpm.log 2>&1
# Debian's rpm knows no package of Debian's, so it can't know that what this one needs is there.
by_rpm() { rpm --force-debian --nodeps "$@"; }
by_rpm --install /trial/holdfast.rpm
by_rpm --verify holdfast || fail "it isn't as it was packed"
holdfast --version
echo 999 >/usr/share/holdfast/ledger-format
if by_rpm --upgrade --replacepkgs /trial/holdfast.rpm >/trial/rpm-refused.log 2>&1; then fail "rpm installed it"; fi
grep -F "is older than the installed one" /trial/rpm-refused.log || fail "a refusal without a word by rpm"
echo "$written" >/usr/share/holdfast/ledger-format
[ "$length" = short ] || start till
if ! by_rpm --upgrade --replacepkgs /trial/holdfast.rpm >/trial/rpm-upgrade.log 2>&1; then
    cat /trial/rpm-upgrade.log
    fail "rpm"
fi
if [ "$length" = long ]; then
    grep -F "It was asked to go on as the new version." /trial/rpm-upgrade.log || fail "rpm didn't ask the till"
    soon runs_the_new
    start till
fi
by_rpm --erase holdfast >/trial/rpm-erase.log 2>&1
grep -F "/home/bar records/.local/share/app.holdfast.desk" /trial/rpm-erase.log || fail "rpm doesn't say where"
[ ! -e /usr/bin/holdfast ] || fail "it is still there after rpm"
if [ "$length" = long ]; then
    grep -F "It was asked to close." /trial/rpm-erase.log || fail "rpm didn't ask the open till"
    ! pgrep -x holdfast || fail "a till without a program after rpm"
    test -s "$(ledger_of till)"
fi

step "all of it"
