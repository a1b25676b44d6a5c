-- Stable and immutable defaults are stored once (reported by others, falsely).
ALTER TABLE orders ADD COLUMN a timestamptz NOT NULL DEFAULT now();
ALTER TABLE orders ADD COLUMN b date DEFAULT CURRENT_DATE, ADD COLUMN c timestamp DEFAULT LOCALTIMESTAMP;
ALTER TABLE orders ADD COLUMN d timestamptz DEFAULT now() - interval '1 day';
ALTER TABLE orders ADD COLUMN e int DEFAULT -1, ADD COLUMN f boolean DEFAULT true, ADD COLUMN g text[] DEFAULT ARRAY[]::text[];
ALTER TABLE orders ADD COLUMN h text DEFAULT upper('a'), ADD COLUMN i jsonb DEFAULT jsonb_build_object('a', 1);
ALTER TABLE orders ADD COLUMN j timestamp DEFAULT (now() AT TIME ZONE 'utc');
-- A volatile default for new rows only.
ALTER TABLE orders ALTER COLUMN number SET DEFAULT gen_random_uuid();
-- file: 002.sql
-- Declared VOLATILE by default, but it inlines to a constant.
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE orders ADD COLUMN k int DEFAULT one();
-- file: 003.sql
CREATE TABLE fresh (id bigint);
ALTER TABLE fresh ADD COLUMN number uuid DEFAULT gen_random_uuid();
-- Rewritten with its rows, but nobody uses it yet.
CREATE TABLE copied AS SELECT a FROM orders;
ALTER TABLE copied ADD COLUMN r float8 DEFAULT random();
-- file: 009.sql
-- A new table that was filled is rewritten too, but nobody knows it before this migration has ended.
CREATE TABLE filled AS SELECT 1 AS a;
ALTER TABLE filled ADD COLUMN r float8 DEFAULT random();
