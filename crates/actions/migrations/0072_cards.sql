-- What others may join, each published by the owner of its table. They select plainly from one table, so that both
-- databases take them apart and use its indices.

-- Who an organisation is, as everybody may know it.
CREATE VIEW organization_card AS
SELECT id, slug, name, kind, country, url, email, language, description, issues, standing FROM organization;

-- What is offered or was: which version, under which name. What a version says does not change.
CREATE VIEW achievement_card AS SELECT organization, id, slug, published_version, retired_at FROM achievement;
CREATE VIEW version_text AS SELECT organization, id, achievement, number, body FROM achievement_version;
CREATE VIEW catalog_title AS SELECT organization, achievement, title, sort_key FROM catalog_entry;

-- Who has which badge, and whether it is in force; for what somebody was awarded.
CREATE VIEW credential_fact AS
SELECT organization, id, award, achievement, achievement_version, person, address_key, state, issued_at, valid_from,
  valid_until
FROM credential;
CREATE VIEW award_reason AS SELECT organization, id, reason FROM award;

-- Who learns, and who has handed in.
CREATE VIEW enrollment_fact AS SELECT organization, id, learner, state FROM enrollment;
CREATE VIEW submission_fact AS SELECT organization, id, learner, state FROM submission;
