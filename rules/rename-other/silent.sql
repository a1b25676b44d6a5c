CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TYPE fresh AS ENUM ('a', 'b');
ALTER TYPE fresh RENAME VALUE 'a' TO 'c';
ALTER TYPE fresh RENAME TO newer;
CREATE TABLE people (m mood, k kind);
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';
CREATE SCHEMA shop;
-- file: 002.sql
-- Swaps, as generated for a changed enum.
CREATE TYPE mood_new AS ENUM ('sad', 'ok', 'great');
ALTER TABLE people ALTER COLUMN m TYPE mood_new USING m::text::mood_new;
ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
DROP TYPE mood_old;
ALTER TYPE kind RENAME TO kind_old;
CREATE TYPE kind AS ENUM ('b');
ALTER FUNCTION twice(int) RENAME TO double;
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT double(x)';
ALTER INDEX i RENAME TO j;
ALTER TABLE people RENAME CONSTRAINT a TO b;
ALTER SEQUENCE s RENAME TO t;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- file: 003.sql
ALTER FUNCTION note() RENAME TO remark;
ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
ALTER TABLE people SET SCHEMA shop;
CREATE VIEW people AS SELECT * FROM shop.people;
