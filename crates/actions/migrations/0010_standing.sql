-- Who says that an organisation is who it says it is. `look` is the key that
-- look-alike names share; the program fills it. What has issued before may go on
-- and is marked as not yet looked at.
ALTER TABLE organization ADD COLUMN standing TEXT NOT NULL DEFAULT 'unconfirmed';
ALTER TABLE organization ADD COLUMN standing_before TEXT NOT NULL DEFAULT 'unconfirmed';
ALTER TABLE organization ADD COLUMN standing_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN standing_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organization ADD COLUMN standing_by TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN name_wanted TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN look TEXT NOT NULL DEFAULT '';
CREATE INDEX organization_look ON organization (look);
CREATE INDEX organization_standing ON organization (standing, id);
UPDATE organization SET standing = 'not_looked_at', standing_before = 'not_looked_at'
  WHERE EXISTS (SELECT 1 FROM credential c WHERE c.organization = organization.id);
