-- The address of a letter as it is compared, so that a person's letters are
-- found however she writes her address. A step of the program fills it for the
-- letters that are stored already.
ALTER TABLE mail ADD COLUMN address_key TEXT NOT NULL DEFAULT '';
CREATE INDEX mail_address ON mail (address_key);
