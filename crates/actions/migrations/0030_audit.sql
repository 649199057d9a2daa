-- Keyed audit log. A line's personal text is kept apart, with a key of its own,
-- so that it can be erased while the chain still holds; `text_digest` is what
-- the line's hash covers of it. `sealed` is 0 for a chain that was written
-- without a key, until it is sealed once; `noted` is the length of a chain that
-- the instance's own chain has noted.
ALTER TABLE event ADD COLUMN text_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE event_head ADD COLUMN sealed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE event_head ADD COLUMN noted BIGINT NOT NULL DEFAULT 0;

CREATE TABLE event_text (
  organization TEXT NOT NULL,
  seq BIGINT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (organization, seq)
);

-- The signed heads that were published, day by day.
CREATE TABLE audit_head (
  day TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
