//! Moderators teach and mend: previews, conflicts, history, and files that survive anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cara_bot::date::Day;
use cara_bot::engine::{Memory, Question};
use cara_bot::journal::{By, Journal, Place, RevisionState};
use cara_bot::knowledge::edit::{EditError, EntryKind, Field, Setting, find};
use cara_bot::knowledge::{Code, Folder};
use cara_bot::lang::Lang;
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::{
    Asked, Done, Edit, Moderation, Preview, Refusal, Request, Role, Step, Store, StoreError, Turn,
    difference, reconcile,
};
use cara_bot::reply::{Reply, Status};
use tempfile::TempDir;

use crate::support::{SMALL, today};

const BY: By = By::Moderator(7);

/// A folder with the small base, a journal, and the service over both.
struct Desk {
    dir: TempDir,
    moderation: Moderation,
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join("knowledge").join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn small_base() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in SMALL {
        write(dir.path(), path, text);
    }
    dir
}

async fn service(root: &Path) -> Moderation {
    let store = Store::Disk(root.join("knowledge"));
    let journal = Journal::open(Place::Sqlite(root.join("data")))
        .await
        .unwrap();
    reconcile(&store, &journal).await.unwrap();
    let folder = Folder::read(&root.join("knowledge")).unwrap();
    let snapshot = Snapshot::load(&folder, Scrutiny::Valid, today()).unwrap();
    Moderation::new(Arc::new(Live::new(snapshot)), store, journal)
}

impl Desk {
    async fn new() -> Desk {
        let dir = small_base();
        let moderation = service(dir.path()).await;
        Desk { dir, moderation }
    }

    fn folder(&self) -> Folder {
        Folder::read(&self.dir.path().join("knowledge")).unwrap()
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join("knowledge").join(path)
    }

    async fn preview(&self, edit: Edit) -> Result<Arc<Preview>, Refusal> {
        self.moderation.preview(edit.into(), today()).await
    }

    async fn confirm(&self, preview: &Preview) -> Result<Done, Refusal> {
        self.moderation
            .confirm(preview.id, BY, "because", today())
            .await
    }

    /// Makes an edit that nothing speaks against.
    async fn make(&self, edit: Edit) -> Done {
        let preview = self.preview(edit).await.unwrap();
        assert!(preview.can_be_confirmed(), "{}", preview.rendered(false));
        self.confirm(&preview).await.unwrap()
    }

    /// What is said to a question now.
    fn ask(&self, text: &str) -> Reply {
        ask(&self.moderation.live().current(), text)
    }

    /// Everything the files hold.
    fn files(&self) -> Vec<(String, String)> {
        files(&self.folder())
    }
}

fn files(folder: &Folder) -> Vec<(String, String)> {
    let files = folder.files.iter();
    files
        .map(|file| {
            (
                file.path.to_string(),
                String::from_utf8(file.bytes.clone()).unwrap(),
            )
        })
        .collect()
}

fn ask(snapshot: &Snapshot, text: &str) -> Reply {
    let question = Question {
        text,
        lang: None,
        locale: Lang::En,
        today: today(),
    };
    let outcome = snapshot.engine.ask(&question, &Memory::default());
    Reply::to_outcome(snapshot.engine.knowledge(), &outcome)
}

fn set(fact: &str, field: &str, typed: &str) -> Edit {
    Edit::SetFact {
        fact: fact.to_owned(),
        settings: vec![setting(field, typed)],
    }
}

fn setting(field: &str, typed: &str) -> Setting {
    field.parse::<Field>().unwrap().typed(typed).unwrap()
}

fn teach(question: &str, fact: &str) -> Edit {
    Edit::Teach {
        question: Asked {
            text: question.to_owned(),
            lang: Lang::En,
        },
        fact: fact.to_owned(),
    }
}

const UNHEARD: &str = "which twilight do the strings gather";

#[tokio::test(flavor = "multi_thread")]
async fn preview_changes_nothing_and_confirming_serves_what_it_showed() {
    let desk = Desk::new().await;
    let before = desk.files();
    let edit = set(
        "fugato-created",
        "answer.en",
        "Fugato was founded in April 1998.",
    );
    let preview = desk.preview(edit).await.unwrap();
    assert!(preview.can_be_confirmed(), "{}", preview.rendered(false));
    assert_eq!(desk.files(), before);
    assert_eq!(desk.moderation.live().current().generation, 1);
    let [shown] = &preview.replies[..] else {
        panic!("{:?}", preview.replies)
    };
    let lead = |reply: &Option<Reply>| reply.as_ref().unwrap().lead.clone();
    assert_eq!(lead(&shown.before.en), "Fugato was founded in March 1998.");
    assert_eq!(lead(&shown.after.en), "Fugato was founded in April 1998.");
    assert_eq!(shown.before.fr, shown.after.fr);

    let done = desk.confirm(&preview).await.unwrap();
    assert_eq!((done.report.generation, done.report.changed), (2, 1));
    assert_eq!(
        desk.ask("When was Fugato founded?").lead,
        "Fugato was founded in April 1998."
    );
    let text = desk.text("facts/fugato.toml");
    let old = &before
        .iter()
        .find(|(path, _)| path == "facts/fugato.toml")
        .unwrap()
        .1;
    assert_eq!(
        text,
        old.replace(
            "in March 1998. It had nine musicians then.",
            "in April 1998."
        )
    );
    let history = desk
        .moderation
        .journal()
        .history("fugato-created")
        .await
        .unwrap();
    assert_eq!(
        (history.len(), history[0].by, history[0].why.as_str()),
        (1, BY, "because")
    );
    assert_eq!(history[0].generation, Some(2));
    let change = &history[0].changes[0];
    let shown = difference(change.before.as_deref(), change.after.as_deref()).text();
    assert!(
        shown.contains("+ answer.en = \"Fugato was founded in April 1998.\""),
        "{shown}"
    );
    assert!(matches!(
        desk.confirm(&preview).await,
        Err(Refusal::NoPreview)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn taught_question_is_answered_and_golden() {
    let desk = Desk::new().await;
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
    let preview = desk.preview(teach(UNHEARD, "rehearsals")).await.unwrap();
    let impact = preview.impact.as_ref().unwrap();
    assert_eq!(impact.golden_after.1, impact.golden_before.1 + 1);
    assert!(
        impact
            .shifts
            .iter()
            .any(|shift| shift.role == Role::Golden && shift.turn == Turn::Better)
    );
    let shown = &preview.replies[0];
    assert_eq!(shown.before.en.as_ref().unwrap().status, Status::Unknown);
    assert_eq!(shown.after.en.as_ref().unwrap().status, Status::Answer);
    let done = desk.confirm(&preview).await.unwrap();
    assert_eq!(done.report.golden_right, done.report.golden_total);
    // Misspelt, by somebody else.
    assert!(
        desk.ask("which twilight do the stings gathr")
            .lead
            .starts_with("Rehearsals are")
    );
    assert!(desk.text("questions/taught.toml").contains(UNHEARD));
    // Refused on purpose, the last word counts.
    let preview = desk
        .preview(Edit::RefuseOnPurpose {
            question: Asked {
                text: UNHEARD.to_owned(),
                lang: Lang::En,
            },
        })
        .await
        .unwrap();
    let done = desk.confirm(&preview).await.unwrap();
    assert_eq!(done.report.golden_right, done.report.golden_total);
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn taught_fact_keeps_a_question_fit_to_be_shown() {
    let desk = Desk::new().await;
    let text = desk.text("facts/fugato.toml");
    let bare = text
        .replace("phrasings.en = [\"Who founded Fugato?\"]\n", "")
        .replace("phrasings.fr = [\"Qui a fondé Fugato ?\"]\n", "");
    write(desk.dir.path(), "facts/fugato.toml", &bare);
    let moderation = service(desk.dir.path()).await;
    let edit = teach("<@123> fugato\r\n brainchild  of", "fugato-founders");
    let preview = moderation.preview(edit.into(), today()).await.unwrap();
    let after = preview.entries[0].after.as_deref().unwrap();
    assert!(
        after.ends_with(
            "phrasings.en = [\"Who founded Fugato?\", \"fugato brainchild of\"]\nphrasings.fr = [\"Qui a fondé Fugato ?\"]\n"
        ),
        "{after}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn question_is_refused_on_purpose() {
    let desk = Desk::new().await;
    let question = "which brand of strings does Ostinato prefer";
    desk.make(Edit::RefuseOnPurpose {
        question: Asked {
            text: question.to_owned(),
            lang: Lang::En,
        },
    })
    .await;
    assert_ne!(desk.ask(question).status, Status::Answer);
    assert!(desk.text("questions/taught.toml").contains(question));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_fact_answers_the_question_it_was_made_for() {
    let desk = Desk::new().await;
    let question = "Who drew the emblem?";
    let done = desk
        .make(Edit::AddFact {
            fact: "emblem".to_owned(),
            path: None,
            settings: [
                (
                    "answer.en",
                    "**Anna Voss** drew it.\n\nAsk <@123> or @everyone.",
                ),
                ("answer.fr", "Anna Voss l'a dessiné."),
                ("sources", "s1"),
                ("phrasings.fr", "Qui a dessiné l'emblème ?"),
            ]
            .map(|(field, typed)| setting(field, typed))
            .to_vec(),
            question: Some(Asked {
                text: question.to_owned(),
                lang: Lang::En,
            }),
        })
        .await;
    assert_eq!(done.report.added, 1);
    let reply = desk.ask("who drew the emblem");
    assert!(
        reply.text().contains("**Anna Voss**") && reply.text().contains("<@123> or @everyone"),
        "{reply:?}"
    );
    let knowledge = Arc::clone(desk.moderation.live().current().engine.knowledge());
    let fact = &knowledge[knowledge.find_fact("emblem").unwrap()];
    assert_eq!(
        fact.answer.en,
        "**Anna Voss** drew it.\n\nAsk <@123> or @everyone."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answer_is_refused_with_its_place() {
    let desk = Desk::new().await;
    let preview = desk
        .preview(set("rehearsals", "answer.en", &"long ".repeat(800)))
        .await
        .unwrap();
    let codes: Vec<Code> = preview.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::TooLong]);
    assert!(preview.impact.is_none() && preview.replies[0].after.en.is_none());
    assert!(
        preview.rendered(false).contains("facts/ostinato.toml:"),
        "{}",
        preview.rendered(false)
    );
    assert!(matches!(
        desk.confirm(&preview).await,
        Err(Refusal::Broken { .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn impact_names_the_questions_that_change_sides() {
    let desk = Desk::new().await;
    let edit = Edit::SetFact {
        fact: "fugato-founders".to_owned(),
        settings: vec![
            setting("relation", "members"),
            setting("phrasings.en", "Fugato headcount?"),
            setting("phrasings.fr", "Effectif de Fugato ?"),
        ],
    };
    let preview = desk.preview(edit).await.unwrap();
    let impact = preview.impact.as_ref().unwrap();
    let worse: Vec<&str> = impact
        .shifts
        .iter()
        .filter(|shift| shift.turn == Turn::Worse)
        .map(|shift| shift.question.as_str())
        .collect();
    assert!(worse.contains(&"and who founded it?"), "{impact:?}");
    assert!(impact.shifts.is_sorted_by_key(|shift| shift.turn));
    assert!(!preview.can_be_confirmed() && preview.can_be_accepted());
    assert!(
        preview
            .broken
            .contains(&"when was Fugato founded? / and who founded it?".to_owned()),
        "{:?}",
        preview.broken
    );

    // Who accepts it has it written down.
    let request = Request {
        accept: true,
        ..preview.edit.clone().into()
    };
    let accepted = desk.moderation.preview(request, today()).await.unwrap();
    assert!(accepted.can_be_confirmed(), "{}", accepted.rendered(false));
    let done = desk.confirm(&accepted).await.unwrap();
    let questions = desk.text("questions/all.toml");
    assert!(
        questions.contains("ask = \"and who founded it?\"\nopen = true\n"),
        "{questions}"
    );
    desk.make(Edit::Undo {
        revision: done.revision,
    })
    .await;
    assert!(!desk.text("questions/all.toml").contains("open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn second_of_two_moderators_sees_the_change_of_the_first() {
    let desk = Desk::new().await;
    let opened = desk.moderation.open("ostinato-members").await.unwrap();
    let mine = desk
        .preview(set(
            "ostinato-members",
            "answer.en",
            "Ostinato had 70 members in January 2026.",
        ))
        .await
        .unwrap();
    let theirs = desk
        .make(set(
            "ostinato-members",
            "answer.en",
            "Ostinato had 66 members in January 2026.",
        ))
        .await;

    for refusal in [
        desk.confirm(&mine).await.unwrap_err(),
        desk.moderation
            .preview(
                Request {
                    base: Some(opened.version),
                    ..set("ostinato-members", "date", "2026").into()
                },
                today(),
            )
            .await
            .unwrap_err(),
    ] {
        let Refusal::Conflict(conflict) = refusal else {
            panic!("{refusal}")
        };
        assert_eq!(conflict.by, Some((theirs.revision, BY)));
        let change = difference(conflict.was.as_deref(), conflict.now.as_deref()).text();
        assert!(
            change.contains("- answer.en = \"Ostinato had 64")
                && change.contains("+ answer.en = \"Ostinato had 66"),
            "{change}"
        );
    }
    assert!(desk.text("facts/ostinato.toml").contains("had 66 members"));
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_other_facts_are_no_conflict() {
    let desk = Desk::new().await;
    let mine = desk
        .preview(set("ostinato-members", "review", "2027-06-30"))
        .await
        .unwrap();
    desk.make(set("rehearsals", "review", "2027-06-30")).await;
    let text = desk
        .text("facts/ostinato.toml")
        .replace("64 musicians", "64 players");
    write(
        desk.dir.path(),
        "facts/ostinato.toml",
        &format!("# By hand.\n{text}"),
    );
    desk.confirm(&mine).await.unwrap();
    let text = desk.text("facts/ostinato.toml");
    assert!(
        text.starts_with("# By hand.\n") && text.matches("review = ").count() == 2,
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn edit_by_hand_is_noticed_and_not_overwritten() {
    let desk = Desk::new().await;
    let mine = desk
        .preview(set("rehearsals", "answer.en", "On Mondays."))
        .await
        .unwrap();
    let text = desk
        .text("facts/ostinato.toml")
        .replace("on Tuesday evenings", "on Friday evenings");
    write(desk.dir.path(), "facts/ostinato.toml", &text);
    let Refusal::Conflict(conflict) = desk.confirm(&mine).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(conflict.by, None);
    assert!(conflict.now.unwrap().contains("on Friday evenings"));
    assert_eq!(desk.text("facts/ostinato.toml"), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn file_broken_by_hand_meanwhile_refuses_and_stays() {
    let desk = Desk::new().await;
    let mine = desk
        .preview(set("rehearsals", "answer.en", "On Mondays."))
        .await
        .unwrap();
    write(desk.dir.path(), "facts/fugato.toml", "[[fact]]\nid = ");
    let before = desk.files();
    let refusal = desk.confirm(&mine).await.unwrap_err();
    assert!(
        matches!(&refusal, Refusal::Broken { shown, .. } if shown.contains("facts/fugato.toml")),
        "{refusal}"
    );
    assert_eq!(desk.files(), before);
    assert_eq!(desk.moderation.live().current().generation, 1);
    assert!(
        desk.ask("When are the rehearsals?")
            .lead
            .contains("Tuesday")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_of_an_undo_is_the_edit_again() {
    let desk = Desk::new().await;
    let original = desk.files();
    let first = desk.make(teach(UNHEARD, "rehearsals")).await;
    let edited = desk.files();
    let second = desk
        .make(Edit::Undo {
            revision: first.revision,
        })
        .await;
    assert_eq!(desk.files(), original);
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
    let third = desk
        .make(Edit::Undo {
            revision: second.revision,
        })
        .await;
    assert_eq!(desk.files(), edited);
    assert_eq!(desk.ask(UNHEARD).status, Status::Answer);
    // Undoing an old one again, when its work is in place, is possible; undoing what is undone is not.
    desk.make(Edit::Undo {
        revision: third.revision,
    })
    .await;
    let nothing = desk
        .preview(Edit::Undo {
            revision: first.revision,
        })
        .await
        .unwrap_err();
    assert!(
        matches!(nothing, Refusal::Edit(EditError::NoChange)),
        "{nothing}"
    );
    let history = desk
        .moderation
        .journal()
        .history("rehearsals")
        .await
        .unwrap();
    let undone: Vec<_> = history.iter().map(|revision| revision.undoes).collect();
    assert_eq!(
        undone,
        [
            Some(third.revision),
            Some(second.revision),
            Some(first.revision),
            None
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn old_edit_is_undone_among_later_ones() {
    let desk = Desk::new().await;
    let old = desk
        .make(set(
            "fugato-created",
            "answer.en",
            "Fugato was founded in early 1998.",
        ))
        .await;
    desk.make(set(
        "fugato-created",
        "answer.fr",
        "Fugato a été fondé début 1998.",
    ))
    .await;
    desk.make(teach("fugato start date", "fugato-created"))
        .await;
    desk.make(Edit::Undo {
        revision: old.revision,
    })
    .await;
    let text = find(&desk.folder(), EntryKind::Fact, "fugato-created")
        .unwrap()
        .text;
    assert!(
        text.contains("in March 1998. It had nine") && text.contains("début 1998"),
        "{text}"
    );
    assert!(text.contains("fugato start date"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn retired_fact_is_gone_and_comes_back_with_its_golden_questions() {
    let desk = Desk::new().await;
    let original = desk.files();
    let preview = desk
        .preview(Edit::Retire {
            fact: "ostinato-members".to_owned(),
        })
        .await
        .unwrap();
    let golden: Vec<&str> = preview
        .entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Question)
        .map(|entry| entry.id.as_str())
        .collect();
    assert_eq!(golden, ["combien sont-ils dans l'orchestre de Velden ?"]);
    desk.confirm(&preview).await.unwrap();
    assert_ne!(
        desk.ask("How many members does Ostinato have?").status,
        Status::Answer
    );
    let missing = desk
        .preview(set("ostinato-members", "date", "2026"))
        .await
        .unwrap_err();
    assert!(
        matches!(missing, Refusal::Edit(EditError::Missing { .. })),
        "{missing}"
    );
    desk.make(Edit::Restore {
        fact: "ostinato-members".to_owned(),
    })
    .await;
    assert_eq!(desk.files(), original);
    let again = desk
        .preview(Edit::Restore {
            fact: "ostinato-members".to_owned(),
        })
        .await
        .unwrap_err();
    assert!(
        matches!(
            again,
            Refusal::Edit(EditError::Exists { .. } | EditError::NoChange)
        ),
        "{again}"
    );
    let never = desk
        .preview(Edit::Restore {
            fact: "rehearsals".to_owned(),
        })
        .await
        .unwrap_err();
    assert!(matches!(never, Refusal::NeverRetired(_)), "{never}");
}

#[tokio::test(flavor = "multi_thread")]
async fn alias_finds_its_entity() {
    let desk = Desk::new().await;
    desk.make(Edit::Alias {
        entity: "fugato".to_owned(),
        lang: Lang::En,
        name: "the Harbour Nine".to_owned(),
    })
    .await;
    assert!(
        desk.ask("when was the Harbour Nine founded?")
            .lead
            .contains("March 1998")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn built_in_base_says_that_it_cannot_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(Place::Sqlite(dir.path().to_owned()))
        .await
        .unwrap();
    let live = Arc::new(Live::new(
        Snapshot::load(&crate::support::small(), Scrutiny::Valid, today()).unwrap(),
    ));
    let moderation = Moderation::new(live, Store::BuiltIn, journal);
    let refusal = moderation
        .preview(set("rehearsals", "date", "2026").into(), today())
        .await
        .unwrap_err();
    assert!(refusal.to_string().contains("CARA_KNOWLEDGE"), "{refusal}");
}

/// Whether the rights of files bind this process: they do not bind root.
#[cfg(unix)]
fn rights_bind(dir: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let probe = dir.join("probe");
    fs::create_dir(&probe).unwrap();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o500)).unwrap();
    let bound = fs::write(probe.join("a"), "").is_err();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o700)).unwrap();
    bound
}

#[tokio::test(flavor = "multi_thread")]
async fn unwritable_place_keeps_the_old_facts() {
    let desk = Desk::new().await;
    let preview = desk.preview(teach(UNHEARD, "rehearsals")).await.unwrap();
    let before = desk.files();
    // A directory lies where the new text of the second file would be prepared: no user may write there.
    fs::create_dir(desk.path("questions/.cara-bot-taught.toml")).unwrap();
    let refusal = desk.confirm(&preview).await.unwrap_err();
    assert!(
        matches!(refusal, Refusal::Store(StoreError::Unwritable { .. })),
        "{refusal}"
    );
    assert_eq!(desk.files(), before);
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
    let hidden: Vec<_> = fs::read_dir(desk.path("facts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
    let revisions = desk
        .moderation
        .journal()
        .revisions(cara_bot::journal::RevisionId(0), 10)
        .await
        .unwrap();
    assert_eq!(revisions[0].state, RevisionState::Abandoned);
    fs::remove_dir(desk.path("questions/.cara-bot-taught.toml")).unwrap();
    desk.confirm(&preview).await.unwrap();
    assert_eq!(desk.ask(UNHEARD).status, Status::Answer);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn read_only_directory_is_named_with_what_helps() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new().await;
    if !rights_bind(desk.dir.path()) {
        eprintln!("skipped: the rights of files do not bind this user");
        return;
    }
    let preview = desk
        .preview(set("rehearsals", "review", "2027-01-01"))
        .await
        .unwrap();
    let before = desk.files();
    fs::set_permissions(desk.path("facts"), fs::Permissions::from_mode(0o500)).unwrap();
    let refusal = desk.confirm(&preview).await.unwrap_err();
    fs::set_permissions(desk.path("facts"), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(
        refusal
            .to_string()
            .contains("let the user that runs cara-bot write"),
        "{refusal}"
    );
    assert_eq!(desk.files(), before);
}

/// The other half of the next test: confirms an edit and dies after so many steps.
#[tokio::test(flavor = "multi_thread")]
async fn dies_on_the_way() {
    let (Ok(root), Ok(after)) = (
        std::env::var("CARA_TEST_ROOT"),
        std::env::var("CARA_TEST_STEPS"),
    ) else {
        return;
    };
    let left = std::sync::atomic::AtomicUsize::new(after.parse().unwrap());
    let moderation = service(Path::new(&root)).await.observed(move |_| {
        if left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    });
    let preview = moderation
        .preview(teach(UNHEARD, "rehearsals").into(), today())
        .await
        .unwrap();
    moderation
        .confirm(preview.id, BY, "", today())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn process_killed_at_any_step_leaves_old_or_new_and_a_journal_that_agrees() {
    let old = files(&crate::support::small());
    let mut outcomes = Vec::new();
    for after in 1..=8 {
        let dir = small_base();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let status = child
            .args(["moderation::dies_on_the_way", "--exact", "--nocapture"])
            .env("CARA_TEST_ROOT", dir.path())
            .env("CARA_TEST_STEPS", after.to_string())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(!status.success(), "it was to die after {after} steps");
        let moderation = service(dir.path()).await;
        let folder = Folder::read(&dir.path().join("knowledge")).unwrap();
        let is_old = files(&folder) == old;
        let journal = moderation.journal();
        let revisions = journal
            .revisions(cara_bot::journal::RevisionId(0), 10)
            .await
            .unwrap();
        let [revision] = &revisions[..] else {
            panic!("{revisions:?}")
        };
        let expected = match is_old {
            true => RevisionState::Abandoned,
            false => RevisionState::Done,
        };
        assert_eq!(revision.state, expected, "after {after} steps");
        let answered = ask(&moderation.live().current(), UNHEARD).status == Status::Answer;
        assert_eq!(answered, !is_old, "after {after} steps");
        let leftovers = walk(&dir.path().join("knowledge"));
        let leftovers: Vec<_> = leftovers
            .into_iter()
            .filter(|name| name.contains(".cara-bot-"))
            .collect();
        assert!(leftovers.is_empty(), "after {after} steps: {leftovers:?}");
        outcomes.push(is_old);
    }
    // Begun, prepared twice, replaced once: old. Replaced twice, written, served, finished: new.
    assert_eq!(
        outcomes,
        [true, true, true, true, false, false, false, false]
    );
}

fn walk(dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.display().to_string());
        if path.is_dir() {
            names.extend(walk(&path));
        }
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_come_in_order() {
    let desk = Desk::new().await;
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let moderation = {
        let seen = Arc::clone(&seen);
        service(desk.dir.path())
            .await
            .observed(move |step| seen.lock().unwrap().push(step))
    };
    let preview = moderation
        .preview(teach(UNHEARD, "rehearsals").into(), today())
        .await
        .unwrap();
    moderation
        .confirm(preview.id, BY, "", today())
        .await
        .unwrap();
    use Step::{Begun, Finished, Prepared, Replaced, Served, Written};
    let expected = [
        Begun, Prepared, Prepared, Replaced, Replaced, Written, Served, Finished,
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_are_forgotten_one_by_one() {
    let desk = Desk::new().await;
    let preview = desk
        .preview(set("rehearsals", "review", "2027-01-01"))
        .await
        .unwrap();
    assert!(desk.moderation.waiting_preview(preview.id).is_some());
    assert_eq!(preview.id.to_string().parse(), Ok(preview.id));
    assert!(desk.moderation.cancel(preview.id));
    assert!(!desk.moderation.cancel(preview.id));
    assert!(matches!(
        desk.confirm(&preview).await,
        Err(Refusal::NoPreview)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_the_shipped_base_can_be_edited_and_put_back() {
    let shipped = Folder::embedded();
    let day: Day = today();
    let knowledge = cara_bot::knowledge::load(&shipped, day).knowledge;
    let mut files_seen = std::collections::HashSet::new();
    for fact in &knowledge.facts {
        // One of every file: each takes the longer the more there are.
        if !files_seen.insert(Arc::clone(&fact.place.file)) {
            continue;
        }
        let mut editor = cara_bot::knowledge::edit::Editor::new(&shipped);
        editor
            .set_fact(
                &fact.id,
                &[
                    setting("answer.en", "Other."),
                    setting("review", "2030-01-01"),
                ],
            )
            .unwrap();
        editor
            .add_phrasing(&fact.id, Lang::Fr, "une tout autre question")
            .unwrap();
        let edited = editor.finish().unwrap();
        let [file] = &edited.files[..] else {
            panic!("{}", fact.id)
        };
        let (before, after) = (
            file.before.as_deref().unwrap(),
            file.after.as_deref().unwrap(),
        );
        let changed = difference(Some(before), Some(after)).text();
        let lines = changed
            .lines()
            .filter(|line| line.starts_with(['+', '-']))
            .count();
        assert!((4..=6).contains(&lines), "{}\n{changed}", fact.id);
        let mut editor = cara_bot::knowledge::edit::Editor::new(&edited.folder);
        editor.reverse(&edited.record()).unwrap();
        assert_eq!(
            files(&editor.finish().unwrap().folder),
            files(&shipped),
            "{}",
            fact.id
        );
    }
}
