CREATE TABLE orders (id bigint, a int, b int);
CREATE TABLE shops (id bigint, a int);
CREATE INDEX i ON orders (a);
CREATE VIEW totals AS SELECT 1 AS n;
-- file: 002.sql
CREATE TABLE IF NOT EXISTS orders (id bigint, note text);    -- want if-not-exists-other-object@28 "the table exists without column note"
CREATE TABLE IF NOT EXISTS totals (n int);                   -- want if-not-exists-other-object "a view has that name"
CREATE INDEX IF NOT EXISTS i ON orders (b);                  -- want if-not-exists-other-object@28 "the index exists on (a)"
CREATE INDEX IF NOT EXISTS i ON shops (a);                   -- want if-not-exists-other-object "an index of orders has that name"
CREATE UNIQUE INDEX IF NOT EXISTS i ON orders (a);           -- want if-not-exists-other-object "is not unique"
ALTER TABLE orders ADD COLUMN IF NOT EXISTS a text;          -- want if-not-exists-other-object@20 "the column exists with type int4"
