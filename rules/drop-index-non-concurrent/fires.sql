DROP INDEX orders_note_idx;                         -- want drop-index-non-concurrent@12 "its table"
DROP INDEX IF EXISTS shop."Note", other_idx;        -- want drop-index-non-concurrent@22; drop-index-non-concurrent@35
-- file: 002.sql
CREATE TABLE orders (id bigint, note text);
CREATE INDEX orders_note ON orders (note);
-- file: 003.sql
DROP INDEX orders_note;                             -- want drop-index-non-concurrent "of orders while it waits"
BEGIN;
DROP INDEX IF EXISTS orders_note;                   -- want drop-index-non-concurrent "until the transaction ends"
COMMIT;
-- file: 004.sql
CREATE TABLE measured (id bigint, at date) PARTITION BY RANGE (at);
CREATE INDEX measured_at ON measured (at);
-- file: 005.sql
DROP INDEX measured_at;                             -- want drop-index-non-concurrent "measured"
-- file: 006.sql
CREATE INDEX CONCURRENTLY orders_id ON orders (id);
-- file: 006.down.sql
DROP INDEX orders_id;                               -- want drop-index-non-concurrent "orders_id" as info
