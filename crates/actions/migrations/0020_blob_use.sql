-- Who uses which bytes of the upload store: the only source for keeping and
-- removing them. Kinds: evidence, draft, version, roster; the owner is the id of
-- that piece of evidence, achievement, version or roster. A step of the program
-- fills it for what is stored already.
CREATE TABLE blob_use (
  organization TEXT NOT NULL,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (kind, owner, blob)
);
CREATE INDEX blob_use_blob ON blob_use (blob);
