CREATE TABLE fresh (id bigint, note text);
CREATE INDEX fresh_note_idx ON fresh (note);
CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
CREATE TEMP TABLE scratch AS SELECT 1 AS n;
CREATE INDEX ON scratch (n);
CREATE TABLE measured (id bigint, at date) PARTITION BY RANGE (at);
-- file: 002.sql
CREATE INDEX measured_at_idx ON ONLY measured (at);
