-- The cellar: audit log, jobs, mail, idempotency keys, search words, settings.

CREATE TABLE event_head (
  organization TEXT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);

-- Append-only: the program has no statement that changes or removes a row.
CREATE TABLE event (
  organization TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organization, seq)
);
CREATE INDEX event_subject ON event (organization, subject);

CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  error TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX job_ready ON job (state, run_at);

CREATE TABLE mail (
  id TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  person TEXT,
  subject TEXT NOT NULL,
  plain TEXT NOT NULL,
  html TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  sent_at BIGINT,
  error TEXT NOT NULL
);
CREATE INDEX mail_created ON mail (created_at);

CREATE TABLE idempotency (
  person TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status BIGINT NOT NULL,
  response TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (person, key)
);

-- Words of the catalogue, so that a misspelt one finds its neighbour.
CREATE TABLE search_word (
  word TEXT PRIMARY KEY,
  uses BIGINT NOT NULL
);

-- Set by the program itself; name by name.
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
