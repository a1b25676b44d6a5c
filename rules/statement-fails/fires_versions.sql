-- fixture: layout=plain
-- file: db/001_events.sql
-- Of no known runner, but their names are an order.
CREATE TABLE events (id bigint PRIMARY KEY);
-- file: db/002_again.sql
CREATE TABLE events (id bigint PRIMARY KEY);  -- want statement-fails "already exists"
