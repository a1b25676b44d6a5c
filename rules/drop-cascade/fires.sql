CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE SEQUENCE numbers;
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';
CREATE EXTENSION citext;
CREATE TABLE people (m mood);
-- file: 002.sql
DROP TYPE IF EXISTS mood CASCADE;              -- want drop-cascade@21 "dropping type mood with CASCADE also drops" as warning
DROP SEQUENCE numbers CASCADE;                 -- want drop-cascade as info
DROP FUNCTION twice(int) CASCADE;              -- want drop-cascade "triggers, defaults" as info
DROP EXTENSION citext CASCADE;                 -- want drop-cascade as warning
DROP DOMAIN unseen CASCADE;                    -- want drop-cascade
