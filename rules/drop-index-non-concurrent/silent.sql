DROP INDEX CONCURRENTLY orders_note_idx;
CREATE TABLE fresh (id bigint, note text);
CREATE INDEX fresh_note ON fresh (note);
DROP INDEX fresh_note;
CREATE TEMP TABLE scratch (n int);
CREATE INDEX scratch_n ON scratch (n);
DROP INDEX scratch_n;
DROP TABLE fresh;
-- file: 002.sql
CREATE TABLE accounts (id bigint, name text);
CREATE INDEX accounts_name ON accounts (name);
-- file: 002.down.sql
-- The table goes with it: the application before this migration does not know it.
DROP INDEX accounts_name;
DROP TABLE accounts;
