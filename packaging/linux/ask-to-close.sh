# Whether a process is a till of this system's own that is to be asked. A program in a chroot or a container, or the one
# outside of it, has another root: it's another installation's. `former` is one whose program was replaced.
is_asked() {
    [ "/proc/$2/root" -ef / ] || return 1
    case "$1 $(readlink "/proc/$2/exe" 2>/dev/null || true)" in
    "any /usr/bin/holdfast" | "any /usr/bin/holdfast (deleted)" | "former /usr/bin/holdfast (deleted)") return 0 ;;
    *) return 1 ;;
    esac
}

# Asks every till that runs to close, and waits a minute. It closes once nothing is on its way to Dojo and no night is
# being closed; nothing here ever kills one. `ask_to_close former` asks those alone whose program was replaced, and such
# a till goes on as the new version, in the same process; `ask_to_close any` is for a program that is removed.
ask_to_close() {
    asked=""
    for folder in /proc/[0-9]*; do
        pid=${folder#/proc/}
        if is_asked "$1" "$pid" && kill -TERM "$pid" 2>/dev/null; then asked="$asked $pid"; fi
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
            if is_asked "$1" "$pid"; then open="$open $pid"; fi
        done
        [ -n "$open" ] || return 0
        sleep 1
    done
    for pid in $open; do
        echo "The till of $(stat -c %U "/proc/$pid" 2>/dev/null || echo somebody), process $pid, hasn't done so yet. It does when it can."
    done
}
