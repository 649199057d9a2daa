-- People, their addresses, sessions and organisations. Ids are UUIDv7 text,
-- instants are milliseconds UTC, documents are JSON text. One text for SQLite
-- and PostgreSQL: no BOOLEAN, no vendor functions.

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  password_hash TEXT,
  language TEXT NOT NULL,
  operator BIGINT NOT NULL DEFAULT 0,
  salt TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE email (
  key TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  address TEXT NOT NULL,
  is_primary BIGINT NOT NULL DEFAULT 0,
  verified_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX email_person ON email (person);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX session_person ON session (person);

-- Single-use links sent by e-mail: sign_in, verify, reset.
CREATE TABLE email_link (
  token_hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  address_key TEXT NOT NULL,
  address TEXT NOT NULL,
  person TEXT,
  name TEXT NOT NULL,
  password_hash TEXT,
  language TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX email_link_address ON email_link (address_key);

CREATE TABLE rate (
  key TEXT PRIMARY KEY,
  window_started_at BIGINT NOT NULL,
  used BIGINT NOT NULL
);

CREATE TABLE organization (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT NOT NULL,
  url TEXT NOT NULL,
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  description TEXT NOT NULL,
  translations TEXT NOT NULL,
  issues BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE member (
  organization TEXT NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, person, role)
);
CREATE INDEX member_person ON member (person);

CREATE TABLE invitation (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  address_key TEXT NOT NULL,
  address TEXT NOT NULL,
  role TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  accepted_at BIGINT,
  PRIMARY KEY (organization, id)
);
CREATE INDEX invitation_token ON invitation (token_hash);

-- A reviewer who must not judge a learner.
CREATE TABLE conflict (
  organization TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  learner TEXT NOT NULL,
  declared_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, reviewer, learner)
);

CREATE TABLE signing_key (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  fragment TEXT NOT NULL,
  public_key TEXT NOT NULL,
  sealed_seed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (organization, id)
);

CREATE TABLE api_token (
  token_hash TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX api_token_person ON api_token (person);
