-- Sessions can be ended one by one, and know when it was last proved that it
-- is she: by a link that was followed or by the password given again.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;
UPDATE session SET id = substr(token_hash, 1, 32);
CREATE UNIQUE INDEX session_id ON session (id);

-- One open link of a kind, an address and an account: a new one takes the
-- place of the old one, whoever is quicker.
UPDATE email_link SET used_at = created_at WHERE used_at IS NULL AND EXISTS (
  SELECT n.token_hash FROM email_link n WHERE n.kind = email_link.kind AND n.address_key = email_link.address_key
  AND COALESCE(n.person, '') = COALESCE(email_link.person, '') AND n.used_at IS NULL
  AND (n.created_at > email_link.created_at OR (n.created_at = email_link.created_at AND n.token_hash > email_link.token_hash)));
CREATE UNIQUE INDEX email_link_open ON email_link (kind, address_key, COALESCE(person, '')) WHERE used_at IS NULL;
