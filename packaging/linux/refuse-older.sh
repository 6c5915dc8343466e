# A version that can't read what the installed one has written is refused before anything is changed: with it the till
# would watch nothing. Which format each writes stands in its own file.
refuse_older() {
    theirs=$(cat /usr/share/holdfast/ledger-format 2>/dev/null || true)
    case "$theirs" in "" | *[!0-9]* | ?????????*) return 0 ;; esac
    [ "$theirs" -gt @FORMAT@ ] || return 0
    if [ -e /run/holdfast-downgrade ]; then
        echo "Holdfast @VERSION@ takes the place of a newer one because /run/holdfast-downgrade is there."
        return 0
    fi
    {
        echo "Holdfast @VERSION@ is older than the installed one, and can't read the records that it has written: every till"
        echo "here would stand still and watch no hold. Nothing was changed."
        echo "To install it all the same, for records that were never opened by the newer one:"
        echo "  sudo touch /run/holdfast-downgrade"
    } >&2
    return 1
}
