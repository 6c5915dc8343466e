# Says in which folders tabs, holds and backups stay.

# Whether a folder is on another computer's disk. One whose server is off would hold this up, so it isn't looked at.
is_elsewhere() {
    awk -v path="$1" '
        BEGIN { gsub(/ /, "\\040", path) }
        {
            below = $2 == "/" ? "/" : $2 "/"
            if ((path == $2 || index(path, below) == 1) && length($2) >= longest) { longest = length($2); type = $3 }
        }
        END { exit type !~ /^(nfs|cifs|smb|fuse|autofs|9p|ceph|afs|glusterfs|lustre)/ }
    ' /proc/mounts
}

where_data_are() {
    # This computer's own users: a directory's may be thousands, with homes elsewhere.
    found=$(cut -d: -f6 /etc/passwd | sort -u | while IFS= read -r home; do
        folder="$home/.local/share/app.holdfast.desk"
        if [ -n "$home" ] && ! is_elsewhere "$home" && [ -d "$folder" ]; then printf '  %s\n' "$folder"; fi
    done)
    echo "Holdfast's records stay where they are, with their backups:"
    if [ -n "$found" ]; then printf '%s\n' "$found"; fi
    echo "  and where a user's HOLDFAST_DATA_DIR or XDG_DATA_HOME points, or a home on another computer"
    echo "They are the only list of whose holds are whose. What is open at Dojo stays open there."
}
