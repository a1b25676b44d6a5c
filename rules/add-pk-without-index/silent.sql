CREATE TABLE fresh (id bigint);
ALTER TABLE fresh ADD PRIMARY KEY (id);
CREATE TABLE keyed (id bigint NOT NULL);
-- file: 002.sql
CREATE UNIQUE INDEX CONCURRENTLY keyed_pkey ON keyed (id);
-- file: 003.sql
ALTER TABLE keyed ADD CONSTRAINT keyed_pkey PRIMARY KEY USING INDEX keyed_pkey;
