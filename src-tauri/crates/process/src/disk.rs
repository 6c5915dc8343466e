//! Whether the disk that a folder is on is encrypted, as far as the system says without being root.

use std::path::Path;

/// What is known of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskEncryption {
    /// All that it stores is encrypted.
    On,
    /// It is a plain disk, as far as this system knows: one that encrypts by itself looks the same.
    Off,
    /// Nobody can say from here.
    Unknown,
}

/// Looks at the disk under `folder`.
pub fn disk_encryption(folder: &Path) -> DiskEncryption {
    system::look(folder)
}

#[cfg(target_os = "linux")]
mod system {
    use super::DiskEncryption;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Deeper no stack of volumes goes.
    const MOST_LAYERS: u8 = 8;

    /// File systems that lie on a block device alone. Others may encrypt, or lie on another computer.
    const PLAIN: [&str; 8] = ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "exfat"];

    pub(super) fn look(folder: &Path) -> DiskEncryption {
        let Ok(folder) = folder.canonicalize() else {
            return DiskEncryption::Unknown;
        };
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        match device(&mounts, &folder) {
            Some(device) => of_device(Path::new("/sys/class/block"), &device),
            None => DiskEncryption::Unknown,
        }
    }

    /// The block device, as the kernel calls it, of the innermost file system that `folder` is in.
    fn device(mounts: &str, folder: &Path) -> Option<PathBuf> {
        let all = mounts.lines().filter_map(|line| {
            let (before, after) = line.split_once(" - ")?;
            let place = before.split(' ').nth(4)?.replace("\\040", " ");
            let mut after = after.split(' ');
            Some((place, after.next()?, after.next()?))
        });
        let around = all.filter(|(place, ..)| folder.starts_with(place));
        let (_, kind, source) = around.max_by_key(|(place, ..)| place.len())?;
        PLAIN.contains(&kind).then(|| PathBuf::from(source))
    }

    /// `/dev/mapper/…` is a link to `/dev/dm-…`.
    fn of_device(blocks: &Path, device: &Path) -> DiskEncryption {
        let device = device.canonicalize().unwrap_or_else(|_| device.to_owned());
        match device.file_name() {
            Some(name) => of_layers(&blocks.join(name), MOST_LAYERS),
            None => DiskEncryption::Unknown,
        }
    }

    /// Of a block device and all that it lies on: encrypted if a layer is, or all disks under it are.
    fn of_layers(block: &Path, layers: u8) -> DiskEncryption {
        if layers == 0 || !block.exists() {
            return DiskEncryption::Unknown;
        }
        let uuid = fs::read_to_string(block.join("dm/uuid")).unwrap_or_default();
        if uuid.starts_with("CRYPT-") {
            return DiskEncryption::On;
        }
        let under = fs::read_dir(block.join("slaves")).into_iter().flatten().flatten();
        let under: Vec<DiskEncryption> = under.map(|entry| of_layers(&entry.path(), layers - 1)).collect();
        if under.is_empty() || under.contains(&DiskEncryption::Off) {
            DiskEncryption::Off
        } else if under.contains(&DiskEncryption::Unknown) {
            DiskEncryption::Unknown
        } else {
            DiskEncryption::On
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn block(blocks: &Path, name: &str, uuid: Option<&str>, under: &[&str]) {
            let block = blocks.join(name);
            fs::create_dir_all(block.join("slaves")).unwrap();
            if let Some(uuid) = uuid {
                fs::create_dir_all(block.join("dm")).unwrap();
                fs::write(block.join("dm/uuid"), uuid).unwrap();
            }
            for name in under {
                std::os::unix::fs::symlink(blocks.join(name), block.join("slaves").join(name)).unwrap();
            }
        }

        #[test]
        fn a_volume_is_encrypted_if_all_that_it_lies_on_is() {
            let blocks = tempfile::tempdir().unwrap();
            let blocks = blocks.path();
            block(blocks, "sda2", None, &[]);
            block(blocks, "sdb1", None, &[]);
            block(blocks, "dm-0", Some("CRYPT-LUKS2-0f3c-luks"), &["sda2"]);
            block(blocks, "dm-1", Some("LVM-abc"), &["dm-0"]);
            block(blocks, "dm-2", Some("LVM-def"), &["dm-0", "sdb1"]);
            for (name, is) in [
                ("sda2", DiskEncryption::Off),
                ("dm-0", DiskEncryption::On),
                ("dm-1", DiskEncryption::On),
                ("dm-2", DiskEncryption::Off),
                ("sdz9", DiskEncryption::Unknown),
            ] {
                let device = Path::new("/dev").join(name);
                assert_eq!(of_device(blocks, &device), is, "{name}");
            }
        }

        #[test]
        fn the_innermost_file_system_counts_and_one_without_a_disk_of_its_own_says_nothing() {
            let mounts = "23 1 8:2 / / rw - ext4 /dev/sda2 rw\n\
                          24 23 0:30 / /home/till/the\\040safe rw shared:1 - ext4 /dev/mapper/safe rw\n\
                          25 23 0:31 / /tmp rw - tmpfs tmpfs rw\n\
                          26 23 0:32 / /mnt/nas rw - nfs4 nas:/b rw\n";
            for (folder, found) in [
                ("/home/till", Some("/dev/sda2")),
                ("/home/till/the safe/x", Some("/dev/mapper/safe")),
                ("/tmp/x", None),
                ("/mnt/nas", None),
            ] {
                assert_eq!(
                    device(mounts, Path::new(folder)),
                    found.map(PathBuf::from),
                    "{folder}"
                );
            }
        }
    }
}

/// BitLocker and FileVault tell their owner only.
#[cfg(not(target_os = "linux"))]
mod system {
    use super::DiskEncryption;
    use std::path::Path;

    pub(super) fn look(_: &Path) -> DiskEncryption {
        DiskEncryption::Unknown
    }
}
