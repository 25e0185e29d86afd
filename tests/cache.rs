//! What was learned from a base is kept for the next start, and never in the way.

use std::path::{Path, PathBuf};

use crate::support::{Project, Ran};

const QUESTION: &str = "when was Fugato created?";
const TAKEN: &str = "the trained engine is taken from the cache";
const DAMAGED: &str = "a cached engine is damaged and trained anew";

/// The file whose year is changed, so that another base is learned from.
const FUGATO: &str = "facts/fugato.toml";

/// The small base, and where what is learned from it is kept.
fn small() -> (Project, PathBuf) {
    let project = Project::small();
    let cache = project.path().join("cache");
    (project, cache)
}

/// Asks with the log open; what was kept lies in `cache`.
#[track_caller]
fn ask(project: &Project, cache: &Path) -> Ran {
    let cache = cache
        .to_str()
        .expect("a temporary folder is named in UTF-8");
    let environment = [("CARA_CACHE", cache), ("RUST_LOG", "cara_bot=debug")];
    let ran = project.pipe_with(&["ask", QUESTION], "", &environment);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran
}

/// The engines in a directory.
fn engines(cache: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(cache) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    paths.collect()
}

#[test]
fn second_start_takes_what_the_first_has_learned_and_answers_the_same() {
    let project = Project::small();
    let cache = project.path().join("own/cache");
    let first = ask(&project, &cache);
    assert!(!first.stderr.contains(TAKEN), "{}", first.stderr);
    let second = ask(&project, &cache);
    assert!(second.stderr.contains(TAKEN), "{}", second.stderr);
    assert_eq!(first.stdout, second.stdout);
    let checked = project.pipe_with(
        &["check"],
        "",
        &[
            ("CARA_CACHE", cache.to_str().unwrap()),
            ("RUST_LOG", "cara_bot=debug"),
        ],
    );
    assert!(checked.stderr.contains(TAKEN), "{}", checked.stderr);
    assert_eq!(engines(&cache).len(), 1);
}

#[test]
fn edited_files_are_learned_from_anew_and_the_old_ones_are_still_known() {
    let (project, cache) = small();
    let before = ask(&project, &cache);
    project.edit(FUGATO, "1998", "1978");
    let after = ask(&project, &cache);
    assert!(!after.stderr.contains(TAKEN), "{}", after.stderr);
    assert!(
        after.stdout.contains("1978") && before.stdout.contains("1998"),
        "{before:?} {after:?}"
    );
    project.edit(FUGATO, "1978", "1998");
    let again = ask(&project, &cache);
    assert!(again.stderr.contains(TAKEN), "{}", again.stderr);
    assert_eq!(again.stdout, before.stdout);
}

#[test]
fn damaged_engine_is_trained_anew_and_mended() {
    let (project, cache) = small();
    let whole = ask(&project, &cache);
    let [engine] = &engines(&cache)[..] else {
        panic!("one engine is kept");
    };
    let bytes = std::fs::read(engine).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 0x10;
    for damaged in [&[][..], &bytes[..3], &bytes[..bytes.len() / 2], &flipped] {
        std::fs::write(engine, damaged).unwrap();
        let ran = ask(&project, &cache);
        assert!(ran.stderr.contains(DAMAGED), "{}", ran.stderr);
        assert_eq!(ran.stdout, whole.stdout);
        assert_eq!(std::fs::read(engine).unwrap(), bytes, "it is mended");
    }
}

#[test]
fn directory_that_cannot_be_used_hinders_no_answer_and_is_no_warning() {
    let project = Project::small();
    let file = project.path().join("file");
    std::fs::write(&file, "no directory").unwrap();
    for cache in [file.to_str().unwrap(), ""] {
        let environment = [("CARA_CACHE", cache)];
        let ran = project.pipe_with(&["ask", QUESTION], "", &environment);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"no directory");
}

#[test]
fn only_the_engines_used_last_are_kept() {
    let (project, cache) = small();
    let text = project.read(FUGATO);
    for year in ["1981", "1982", "1983"] {
        project.write(FUGATO, text.replace("1998", year));
        ask(&project, &cache);
    }
    // The first one is used once more, so the second is the one that has not been used for longest.
    for (year, known) in [
        ("1981", true),
        ("1984", false),
        ("1981", true),
        ("1982", false),
    ] {
        project.write(FUGATO, text.replace("1998", year));
        let ran = ask(&project, &cache);
        assert_eq!(ran.stderr.contains(TAKEN), known, "{year}: {}", ran.stderr);
    }
    assert_eq!(engines(&cache).len(), 3);
}

#[test]
fn engine_of_another_base_is_not_taken_for_this_one() {
    let (project, cache) = small();
    let whole = ask(&project, &cache);
    let [own] = &engines(&cache)[..] else {
        panic!("one engine is kept");
    };
    project.edit(FUGATO, "1998", "1978");
    ask(&project, &cache);
    let other = engines(&cache).into_iter().find(|path| path != own);
    std::fs::rename(other.expect("two are kept"), own).unwrap();
    project.edit(FUGATO, "1978", "1998");
    let ran = ask(&project, &cache);
    assert!(ran.stderr.contains(DAMAGED), "{}", ran.stderr);
    assert_eq!(ran.stdout, whole.stdout);
}

#[test]
fn several_that_start_at_once_all_answer_and_leave_one_whole_engine() {
    let (project, cache) = small();
    let outputs: Vec<String> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| ask(&project, &cache)))
            .collect();
        let ends = starts
            .into_iter()
            .map(|start| start.join().expect("it ends"));
        ends.map(|ran| ran.stdout).collect()
    });
    assert!(outputs.iter().all(|output| *output == outputs[0]));
    assert_eq!(engines(&cache).len(), 1, "{:?}", engines(&cache));
    assert!(ask(&project, &cache).stderr.contains(TAKEN));
}

#[test]
fn what_a_killed_process_left_unfinished_is_removed() {
    let (project, cache) = small();
    ask(&project, &cache);
    let left = cache.join("cara-bot-abc.unfinished");
    let file = std::fs::File::create(&left).unwrap();
    let hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    file.set_modified(hours_ago).unwrap();
    let fresh = cache.join("cara-bot-def.unfinished");
    std::fs::write(&fresh, "another writes this now").unwrap();
    project.edit(FUGATO, "1998", "1978");
    ask(&project, &cache);
    assert_eq!((left.exists(), fresh.exists()), (false, true));
}

#[test]
fn files_of_others_in_the_named_directory_are_left_alone() {
    let (project, cache) = small();
    ask(&project, &cache);
    let foreign: Vec<PathBuf> = (0..5)
        .flat_map(|at| [format!("train{at}.engine"), format!("novel{at}.unfinished")])
        .map(|name| cache.join(name))
        .collect();
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    for path in &foreign {
        let file = std::fs::File::create(path).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    project.edit(FUGATO, "1998", "1978");
    ask(&project, &cache);
    assert!(foreign.iter().all(|path| path.exists()));
}

#[test]
fn what_is_served_after_an_edit_is_kept_for_the_next_start() {
    let (project, cache) = small();
    let answer = "answer.en=\"Fugato was founded in March 1998, in a barn.\"";
    let environment = [("CARA_CACHE", cache.to_str().unwrap())];
    let edit = ["fact", "edit", "fugato-created", "--set", answer, "--yes"];
    let edited = project.pipe_with(&edit, "", &environment);
    assert_eq!(edited.code, 0, "{edited:?}");
    let ran = ask(&project, &cache);
    assert!(ran.stderr.contains(TAKEN), "{}", ran.stderr);
    assert!(ran.stdout.contains("in a barn"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn only_its_user_can_look_into_the_cache_and_one_open_to_others_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let (project, cache) = small();
    ask(&project, &cache);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&cache), mode(&engines(&cache)[0])), (0o700, 0o600));
    std::fs::set_permissions(&cache, std::fs::Permissions::from_mode(0o777)).unwrap();
    let ran = ask(&project, &cache);
    assert!(!ran.stderr.contains(TAKEN), "{}", ran.stderr);
    assert!(ran.stderr.contains("others can write to"), "{}", ran.stderr);
}
