-- The address that a letter leads to, such as a sign-in link: sealed under the
-- master key while the letter waits, empty once it is sent. The letter's texts
-- hold a mark in its place.
ALTER TABLE mail ADD COLUMN sealed_link TEXT NOT NULL DEFAULT '';
