-- One badge in force a person (account, or address without one) and version: it
-- holds the place. One that was revoked or replaced gives it up, and one that
-- has run out when the next is awarded.
ALTER TABLE credential ADD COLUMN holds_place BIGINT NOT NULL DEFAULT 0;
UPDATE credential SET holds_place = 1 WHERE state IN ('active', 'suspended') AND (person IS NOT NULL OR address_key <> '')
  AND NOT EXISTS (SELECT c.id FROM credential c WHERE c.organization = credential.organization
  AND c.achievement_version = credential.achievement_version AND c.state IN ('active', 'suspended') AND c.id < credential.id
  AND (c.person = credential.person OR (c.person IS NULL AND credential.person IS NULL AND c.address_key = credential.address_key)));
CREATE UNIQUE INDEX credential_place_person ON credential (organization, achievement_version, person)
  WHERE holds_place = 1 AND person IS NOT NULL;
CREATE UNIQUE INDEX credential_place_address ON credential (organization, achievement_version, address_key)
  WHERE holds_place = 1 AND person IS NULL AND address_key <> '';

-- What an enrolment is for: the first award (empty), or the badge it renews.
ALTER TABLE enrollment ADD COLUMN occasion TEXT NOT NULL DEFAULT '';

-- Attempts are counted by person, version and occasion (the series), however
-- often somebody withdraws and enrols again; turn is the number in the series.
ALTER TABLE attempt ADD COLUMN series TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
UPDATE attempt SET series = COALESCE((SELECT e.learner || '/' || e.achievement_version || '/' FROM enrollment e
  WHERE e.organization = attempt.organization AND e.id = attempt.enrollment), attempt.enrollment);
CREATE INDEX attempt_series_once ON attempt (series, requirement);
UPDATE attempt SET turn = (SELECT count(*) FROM attempt b WHERE b.series = attempt.series AND b.requirement = attempt.requirement
  AND (b.started_at < attempt.started_at OR (b.started_at = attempt.started_at AND b.id <= attempt.id)));
DROP INDEX attempt_series_once;
CREATE UNIQUE INDEX attempt_turn ON attempt (series, requirement, turn);
