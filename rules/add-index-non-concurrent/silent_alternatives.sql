-- fixture: layout=plain
-- file: full_schemas/54/full.sql
-- Schemas of two versions: each makes its tables before it indexes them.
CREATE TABLE events (id bigint PRIMARY KEY, room text);
CREATE INDEX events_room ON events (room);
-- file: full_schemas/72/full.sql
CREATE TABLE events (id bigint PRIMARY KEY, room text);
CREATE INDEX events_room ON events (room);
CREATE INDEX events_room_id ON events (room, id);
