-- The catalogue's other orders, each ended by the id so that a page goes on
-- where the last one stopped, however far down that is.

CREATE INDEX catalog_entry_newest ON catalog_entry (published_at, achievement);
CREATE INDEX catalog_entry_shortest ON catalog_entry (hours, achievement);
