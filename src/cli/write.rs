//! A folder of new files, which overwrites nothing.

use std::path::Path;

use anyhow::Context as _;

/// Writes files into a directory that is new or empty.
pub(crate) fn write_new<'f>(
    directory: &Path,
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
) -> anyhow::Result<()> {
    let shown = directory.display();
    std::fs::create_dir_all(directory).with_context(|| format!("creating {shown}"))?;
    let mut there = std::fs::read_dir(directory).with_context(|| format!("reading {shown}"))?;
    anyhow::ensure!(
        there.next().is_none(),
        "{shown} is not empty; name a new folder"
    );
    for (path, text) in files {
        let path = directory.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("creating {}", folder.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
