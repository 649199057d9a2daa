-- What an organisation tells its learners.
CREATE TABLE announcement (
  organization TEXT NOT NULL,
  id TEXT NOT NULL,
  -- empty: of the whole organisation
  achievement TEXT NOT NULL,
  audience TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  appears_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  PRIMARY KEY (organization, id)
);
CREATE INDEX announcement_appears ON announcement (organization, appears_at);

-- What a reader has chosen of an organisation: since when letters, and up to when all is read.
CREATE TABLE announcement_reader (
  organization TEXT NOT NULL,
  person TEXT NOT NULL,
  letters_since BIGINT,
  read_until BIGINT NOT NULL,
  PRIMARY KEY (organization, person)
);
CREATE INDEX announcement_reader_person ON announcement_reader (person);

-- What others may join: who works on what now (enrolments), and who has which badge that was not revoked (credentials).
CREATE VIEW learner AS
SELECT organization, achievement, learner AS person FROM enrollment WHERE state = 'active';
CREATE VIEW holder AS
SELECT organization, achievement, person FROM credential WHERE person IS NOT NULL AND state IN ('active', 'suspended');

-- Who can be told, and as what; twice who is both.
CREATE VIEW announcement_audience AS
SELECT organization, achievement, person, 'learners' AS kind FROM learner
UNION ALL SELECT organization, achievement, person, 'holders' AS kind FROM holder;
