-- Definitions, and the way from enrolment to decision.

CREATE TABLE achievement (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  slug TEXT NOT NULL,
  draft TEXT,
  published_version TEXT,
  retired_at BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization, id),
  UNIQUE (organization, slug)
);
CREATE INDEX achievement_id ON achievement (id);

-- Immutable once written.
CREATE TABLE achievement_version (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  achievement TEXT NOT NULL,
  number BIGINT NOT NULL,
  body TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  published_by TEXT NOT NULL,
  PRIMARY KEY (organization, id),
  UNIQUE (organization, achievement, number)
);
CREATE INDEX achievement_version_id ON achievement_version (id);

-- What the catalogue filters and sorts by: one row a published achievement.
CREATE TABLE catalog_entry (
  organization TEXT NOT NULL,
  achievement TEXT NOT NULL,
  field TEXT NOT NULL,
  programme TEXT NOT NULL,
  participation TEXT NOT NULL,
  language TEXT NOT NULL,
  level BIGINT NOT NULL,
  hours BIGINT NOT NULL,
  price BIGINT NOT NULL,
  title TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (organization, achievement)
);
CREATE INDEX catalog_entry_order ON catalog_entry (sort_key, achievement);
CREATE INDEX catalog_entry_achievement ON catalog_entry (achievement);

CREATE TABLE enrollment (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  learner TEXT NOT NULL,
  achievement TEXT NOT NULL,
  achievement_version TEXT NOT NULL,
  state TEXT NOT NULL,
  progress TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization, id)
);
CREATE INDEX enrollment_id ON enrollment (id);
CREATE INDEX enrollment_learner ON enrollment (learner, achievement);
-- one open enrolment a person and achievement, whoever is quicker
CREATE UNIQUE INDEX enrollment_open ON enrollment (organization, learner, achievement) WHERE state = 'active';

CREATE TABLE attempt (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  enrollment TEXT NOT NULL,
  requirement TEXT NOT NULL,
  number BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  responses TEXT NOT NULL,
  grade TEXT,
  PRIMARY KEY (organization, id),
  UNIQUE (organization, enrollment, requirement, number)
);
CREATE INDEX attempt_id ON attempt (id);

CREATE TABLE submission (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  enrollment TEXT NOT NULL,
  achievement TEXT NOT NULL,
  achievement_version TEXT NOT NULL,
  requirement TEXT NOT NULL,
  learner TEXT NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL,
  revision BIGINT NOT NULL,
  message TEXT NOT NULL,
  show_evidence BIGINT NOT NULL DEFAULT 0,
  submitted_at BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization, id),
  UNIQUE (organization, enrollment, requirement)
);
CREATE INDEX submission_id ON submission (id);
CREATE INDEX submission_queue ON submission (organization, state, submitted_at);
CREATE INDEX submission_learner ON submission (learner);

-- What was handed in, revision by revision.
CREATE TABLE submission_revision (
  organization TEXT NOT NULL,
  submission TEXT NOT NULL,
  revision BIGINT NOT NULL,
  message TEXT NOT NULL,
  submitted_at BIGINT NOT NULL,
  PRIMARY KEY (organization, submission, revision)
);

-- Evidence is never overwritten: it belongs to the revisions from
-- added_revision up to (not with) removed_revision.
CREATE TABLE evidence (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  submission TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  blob TEXT NOT NULL,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  added_revision BIGINT NOT NULL,
  removed_revision BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, id)
);
CREATE INDEX evidence_submission ON evidence (organization, submission);

CREATE TABLE review (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  submission TEXT NOT NULL,
  revision BIGINT NOT NULL,
  reviewer TEXT NOT NULL,
  body TEXT NOT NULL,
  decision TEXT,
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (organization, id),
  UNIQUE (organization, submission, revision, reviewer)
);

-- What a learner says against a decline.
CREATE TABLE appeal (
  organization TEXT NOT NULL,
  submission TEXT NOT NULL,
  revision BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, submission, revision)
);
