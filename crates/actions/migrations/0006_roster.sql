-- The file a roster came from (content hash; empty for a copy of an earlier
-- roster), and the encoding it was read in: utf-8 or windows-1252.
ALTER TABLE roster ADD COLUMN blob TEXT NOT NULL DEFAULT '';
ALTER TABLE roster ADD COLUMN encoding TEXT NOT NULL DEFAULT 'utf-8';
