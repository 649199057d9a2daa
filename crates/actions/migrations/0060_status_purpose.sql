-- What a list is for. Lists made before this serve badges that name them with
-- the purpose revocation, and say both purposes; every new one has one purpose.
ALTER TABLE status_list ADD COLUMN purpose TEXT NOT NULL DEFAULT 'both';
