CREATE TABLE fresh (id bigint, note text);
ALTER TABLE fresh DROP COLUMN note;
ALTER TABLE orders ADD COLUMN helper int;
ALTER TABLE orders DROP COLUMN helper;
ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;
CREATE TEMP TABLE scratch (a int, b int);
ALTER TABLE scratch DROP COLUMN a;
CREATE TYPE pair AS (a int, b int);
ALTER TYPE pair DROP ATTRIBUTE a;
-- file: 002.sql
ALTER TABLE fresh ADD COLUMN c int;
ALTER TABLE fresh DROP COLUMN IF EXISTS never_was;
-- file: 002.down.sql
ALTER TABLE fresh DROP COLUMN c;
