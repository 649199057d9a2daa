-- Domains that organisations have proved to be theirs, or want to. The token
-- is public: it stands in the DNS or in a file.
CREATE TABLE organization_domain (
  organization TEXT NOT NULL,
  domain TEXT NOT NULL,
  token TEXT NOT NULL,
  proved_at BIGINT,
  checked_at BIGINT,
  failing_since BIGINT,
  found TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization, domain)
);
CREATE INDEX organization_domain_checked ON organization_domain (checked_at);
