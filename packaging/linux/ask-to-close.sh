# Asks every till that runs to close, and waits a minute. It closes once nothing is on its way to Dojo and no night is
# being closed; nothing here ever kills one. `ask_to_close former` asks those alone whose program was replaced, and such
# a till goes on as the new version, in the same process; `ask_to_close any` is for a program that is removed.
ask_to_close() {
    asked=""
    for link in /proc/[0-9]*/exe; do
        case "$1 $(readlink "$link" 2>/dev/null || true)" in
        "any /usr/bin/holdfast" | *" /usr/bin/holdfast (deleted)")
            pid=${link#/proc/}
            pid=${pid%/exe}
            if kill -TERM "$pid" 2>/dev/null; then asked="$asked $pid"; fi
            ;;
        esac
    done
    [ -n "$asked" ] || return 0
    if [ "$1" = any ]; then
        echo "Holdfast is running. It was asked to close."
    else
        echo "Holdfast is running. It was asked to go on as the new version."
    fi
    for _ in $(seq 60); do
        open=""
        for pid in $asked; do
            case "$1 $(readlink "/proc/$pid/exe" 2>/dev/null || true)" in
            "any /usr/bin/holdfast" | *" /usr/bin/holdfast (deleted)") open="$open $pid" ;;
            esac
        done
        [ -n "$open" ] || return 0
        sleep 1
    done
    echo "A till is still finishing what is on its way to Dojo. It does so on its own after that."
}
