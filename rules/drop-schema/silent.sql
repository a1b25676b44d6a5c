DROP SCHEMA reporting;
CREATE SCHEMA scratch;
DROP SCHEMA scratch CASCADE;
DROP TABLE reporting.totals CASCADE;
CREATE SCHEMA views;
CREATE VIEW views.totals AS SELECT 1 AS n;
-- file: 002.sql
DROP SCHEMA IF EXISTS views CASCADE;
CREATE SCHEMA reports;
-- file: 002.down.sql
DROP SCHEMA reports CASCADE;
