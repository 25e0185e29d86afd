-- Questions for the moderators. Times are seconds since 1970, lists are JSON.
CREATE TABLE questions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    lang          TEXT NOT NULL,
    text          TEXT NOT NULL,            -- as first asked, without mentions
    outcome       TEXT NOT NULL,            -- what the bot said last
    facts         TEXT NOT NULL,            -- which facts it said
    unanswered    BIGINT NOT NULL DEFAULT 0,
    refused_offer BIGINT NOT NULL DEFAULT 0,
    not_right     BIGINT NOT NULL DEFAULT 0,
    sent          BIGINT NOT NULL DEFAULT 0,
    count         BIGINT NOT NULL,          -- of all these
    first_at      BIGINT NOT NULL,
    last_at       BIGINT NOT NULL,
    how           TEXT,                     -- none while it is open
    closed_at     BIGINT,
    closed_by     TEXT,
    word          TEXT,                     -- for those who asked
    fact          TEXT                      -- that answers it now
);
CREATE INDEX questions_most_asked ON questions (count DESC, last_at DESC) WHERE how IS NULL;
CREATE INDEX questions_last ON questions (last_at);

-- Every way a question was asked.
CREATE TABLE wordings (
    question BIGINT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    lang     TEXT NOT NULL,
    folded   TEXT NOT NULL,
    text     TEXT NOT NULL,
    count    BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    open     BIGINT NOT NULL DEFAULT 1,     -- as its question
    PRIMARY KEY (question, folded)
);
CREATE UNIQUE INDEX wordings_open ON wordings (lang, folded) WHERE open = 1;
CREATE INDEX wordings_recent ON wordings (lang, last_at DESC) WHERE open = 1;

-- What members say is wrong.
CREATE TABLE proposals (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    question BIGINT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    wrong    TEXT NOT NULL,
    source   TEXT,
    at       BIGINT NOT NULL
);
CREATE INDEX proposals_of ON proposals (question);

-- Who wants to be told; the only table of members' ids, and a row goes once they have been told.
CREATE TABLE askers (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    question   BIGINT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    user_id    BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL,
    claimed_at BIGINT,
    UNIQUE (question, user_id)
);
CREATE INDEX askers_user ON askers (user_id);

CREATE TABLE counts (
    day  TEXT NOT NULL,
    what TEXT NOT NULL,
    fact TEXT NOT NULL,                     -- empty when no fact was involved
    lang TEXT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, what, fact, lang)
);

-- Changes of the knowledge, written before it is touched.
CREATE TABLE revisions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    author     TEXT NOT NULL,
    why        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    trouble    TEXT,                        -- why it was abandoned
    generation BIGINT,
    undoes     BIGINT REFERENCES revisions (id),
    question   BIGINT                       -- of the queue, closed when it is done; may be purged
);
CREATE INDEX revisions_pending ON revisions (state) WHERE state = 'pending';
CREATE INDEX revisions_undone ON revisions (undoes);

CREATE TABLE revision_changes (
    revision BIGINT NOT NULL REFERENCES revisions (id),
    n        BIGINT NOT NULL,
    kind     TEXT NOT NULL,                 -- of entry
    target   TEXT NOT NULL,
    file     TEXT NOT NULL,
    before   TEXT,
    after    TEXT,
    behind   TEXT,                          -- the entry it stood behind, if it is gone
    PRIMARY KEY (revision, n)
);
CREATE INDEX revision_changes_of ON revision_changes (kind, target);

CREATE TABLE revision_files (
    revision       BIGINT NOT NULL REFERENCES revisions (id),
    path           TEXT NOT NULL,
    before_hash    TEXT,                    -- none: the file was not there
    after_hash     TEXT,
    before_content TEXT,                    -- kept while it is pending
    after_content  TEXT,
    hunks          TEXT NOT NULL,           -- what leads from before to after, and back
    PRIMARY KEY (revision, path)
);
