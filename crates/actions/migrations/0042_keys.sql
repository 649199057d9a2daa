-- From this instant on a key's proofs do not count, because somebody else may
-- have made them; when and why that was said.
ALTER TABLE signing_key ADD COLUMN distrusted_from BIGINT;
ALTER TABLE signing_key ADD COLUMN distrusted_at BIGINT;
ALTER TABLE signing_key ADD COLUMN distrust_reason TEXT NOT NULL DEFAULT '';

-- Conflicts are declared with an address, whether it has an account or not;
-- learner is the account behind it, and is shown to nobody. Of those declared
-- before the address is not known.
CREATE TABLE conflict_by_address (
  organization TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  address_key TEXT NOT NULL,
  address TEXT NOT NULL,
  learner TEXT,
  declared_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, reviewer, address_key)
);
INSERT INTO conflict_by_address (organization, reviewer, address_key, address, learner, declared_by, created_at)
  SELECT organization, reviewer, learner, '', learner, declared_by, created_at FROM conflict;
DROP TABLE conflict;
ALTER TABLE conflict_by_address RENAME TO conflict;
CREATE INDEX conflict_learner ON conflict (organization, learner);
CREATE INDEX conflict_address ON conflict (address_key);
