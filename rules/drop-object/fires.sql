CREATE VIEW totals AS SELECT 1 AS n;
CREATE MATERIALIZED VIEW sums AS SELECT 1 AS n;
CREATE SEQUENCE numbers;
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';
-- file: 002.sql
DROP VIEW IF EXISTS totals;                    -- want drop-object@21 "view totals"
DROP MATERIALIZED VIEW sums;                   -- want drop-object "materialized view sums"
DROP SEQUENCE numbers;                         -- want drop-object "sequence numbers"
DROP FUNCTION twice(int);                      -- want drop-object "function twice"
