DROP TYPE IF EXISTS unseen CASCADE;
CREATE TYPE mood AS ENUM ('sad', 'ok');
DROP TYPE mood CASCADE;
DROP TYPE elsewhere;
DROP TABLE orders CASCADE;
DROP VIEW totals CASCADE;
CREATE TYPE unused AS ENUM ('a');
-- file: 002.sql
-- No column has it.
DROP TYPE unused CASCADE;
CREATE TYPE kind AS ENUM ('a');
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';
-- file: 002.down.sql
DROP FUNCTION twice CASCADE;
DROP TYPE kind CASCADE;
