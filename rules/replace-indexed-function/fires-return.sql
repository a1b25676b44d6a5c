-- fixture: pg=14..18
CREATE SCHEMA app;
CREATE FUNCTION app.total(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b;
CREATE TABLE app.lines (a int, b int);
CREATE INDEX lines_total_idx ON app.lines (app.total(a, b));
-- file: 002.sql
CREATE OR REPLACE FUNCTION app.total(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b;
CREATE OR REPLACE FUNCTION app.total(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a * b;  -- want replace-indexed-function "index lines_total_idx of app.lines keeps what app.total gave before" safe `CONCURRENTLY app.lines_total_idx;`
