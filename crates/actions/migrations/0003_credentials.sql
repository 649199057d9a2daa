-- Awards, signed credentials, status lists, rosters.

CREATE TABLE status_list (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  seed TEXT NOT NULL,
  length BIGINT NOT NULL,
  used BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, id)
);
CREATE INDEX status_list_id ON status_list (id);

CREATE TABLE award (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  achievement TEXT NOT NULL,
  achievement_version TEXT NOT NULL,
  person TEXT,
  address_key TEXT NOT NULL,
  enrollment TEXT,
  reason TEXT NOT NULL,
  awarded_at BIGINT NOT NULL,
  awarded_by TEXT NOT NULL,
  PRIMARY KEY (organization, id),
  -- the same reason awards once, however often it is asked for
  UNIQUE (organization, reason)
);

CREATE TABLE credential (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  award TEXT NOT NULL,
  achievement TEXT NOT NULL,
  achievement_version TEXT NOT NULL,
  person TEXT,
  address_key TEXT NOT NULL,
  recipient_name TEXT NOT NULL,
  state TEXT NOT NULL,
  state_reason TEXT NOT NULL,
  state_at BIGINT NOT NULL,
  shared_at BIGINT,
  issued_at BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_until BIGINT,
  status_list TEXT NOT NULL,
  status_index BIGINT NOT NULL,
  document TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization, id),
  UNIQUE (organization, status_list, status_index)
);
CREATE INDEX credential_id ON credential (id);
CREATE INDEX credential_person ON credential (person, issued_at);
CREATE INDEX credential_address ON credential (address_key);
CREATE INDEX credential_achievement ON credential (organization, achievement, issued_at);
-- the few that are not in force: what a status list is made of
CREATE INDEX credential_stopped ON credential (status_list, status_index) WHERE state <> 'active';

CREATE TABLE roster (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  achievement TEXT NOT NULL,
  achievement_version TEXT NOT NULL,
  file_name TEXT NOT NULL,
  state TEXT NOT NULL,
  total BIGINT NOT NULL,
  bad BIGINT NOT NULL,
  done BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  PRIMARY KEY (organization, id)
);
CREATE INDEX roster_id ON roster (id);

CREATE TABLE roster_row (
  organization TEXT NOT NULL,
  roster TEXT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  awarded_on BIGINT,
  state TEXT NOT NULL,
  problem TEXT NOT NULL,
  credential TEXT,
  PRIMARY KEY (organization, roster, number)
);
CREATE INDEX roster_row_state ON roster_row (organization, roster, state, number);
