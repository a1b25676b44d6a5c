CREATE TABLE events (id bigint, at timestamptz);
-- file: 002.sql
CREATE UNIQUE INDEX CONCURRENTLY events_pkey ON events (id);
-- file: 003.sql
-- want+1 pk-using-index-nullable-scan@20 "because id may be NULL"
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;
