-- What others may join of people: how one is written to who has an account, and anybody's name.
CREATE VIEW person_contact AS
SELECT p.id AS person, p.name AS name, e.address AS address, p.language AS language
FROM person p JOIN email e ON e.person = p.id AND e.is_primary = 1
WHERE p.deleted_at IS NULL;

CREATE VIEW person_name AS SELECT id AS person, name AS name FROM person;

-- What others may join of organisations: who is a member as what, and how she is written to.
CREATE VIEW member_contact AS
SELECT m.organization AS organization, m.role AS role, c.person AS person, c.name AS name, c.address AS address,
  c.language AS language
FROM member m JOIN person_contact c ON c.person = m.person;

CREATE VIEW membership AS
SELECT m.person AS person, m.role AS role, o.id AS organization, o.slug AS slug, o.name AS name, o.issues AS issues
FROM member m JOIN organization o ON o.id = m.organization;

CREATE VIEW person_address AS SELECT e.person AS person, e.key AS key FROM email e;
