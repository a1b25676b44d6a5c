CREATE TABLE events (id bigint NOT NULL, at timestamptz);
-- file: 002.sql
CREATE UNIQUE INDEX CONCURRENTLY events_pkey ON events (id);
-- file: 003.sql
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;
CREATE UNIQUE INDEX CONCURRENTLY events_at_key ON events (at);
-- file: 004.sql
ALTER TABLE events ADD CONSTRAINT events_at_key UNIQUE USING INDEX events_at_key;
