# Asks every till that runs to close, and waits a minute. It closes once nothing is on its way to Dojo and no night is
# being closed; nothing here ever kills one. Files may change under a program that runs: it goes on with the former.
ask_to_close() {
    asked=""
    for link in /proc/[0-9]*/exe; do
        case "$(readlink "$link" 2>/dev/null || true)" in
        /usr/bin/holdfast | "/usr/bin/holdfast (deleted)")
            pid=${link#/proc/}
            pid=${pid%/exe}
            if kill -TERM "$pid" 2>/dev/null; then asked="$asked $pid"; fi
            ;;
        esac
    done
    [ -n "$asked" ] || return 0
    echo "Holdfast is running. It was asked to close."
    for _ in $(seq 60); do
        open=""
        for pid in $asked; do
            if [ -e "/proc/$pid/exe" ] && readlink "/proc/$pid/exe" >/dev/null 2>&1; then open="$open $pid"; fi
        done
        [ -n "$open" ] || return 0
        sleep 1
    done
    echo "A till is still finishing what is on its way to Dojo. It closes on its own after that."
    echo "Until then it goes on with the version that it was started with."
}
