-- fixture: layout=plain
-- file: full_schemas/54/full.sql
-- Schemas of two versions, of which a database gets one.
CREATE TABLE events (id bigint PRIMARY KEY);
-- file: full_schemas/72/full.sql
CREATE TABLE events (id bigint PRIMARY KEY);
