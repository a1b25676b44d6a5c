-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA IF NOT EXISTS shop;
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TABLE orders (id bigint PRIMARY KEY, note text DEFAULT '', total numeric NOT NULL CHECK (total > 0), mood mood);
CREATE INDEX orders_note ON orders (note);
-- +goose Down
DROP TABLE orders;
DROP TYPE mood;
-- file: 00002_swap.sql
-- Another way back to the same schema: names, defaults and columns' order do not matter.
-- +goose Up
ALTER TABLE orders RENAME TO purchases;
ALTER TABLE purchases DROP COLUMN note, ADD COLUMN remark text;
DROP TABLE IF EXISTS absent;
-- +goose Down
ALTER TABLE purchases RENAME TO orders;
ALTER TABLE orders DROP COLUMN remark;
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE orders ALTER COLUMN note SET DEFAULT ''::text;
CREATE INDEX orders_note ON orders USING btree (note);
-- file: 00003_label.sql
-- +goose Up
ALTER TYPE mood ADD VALUE 'happy';
ALTER TABLE purchases ADD COLUMN a int;
-- +goose Down
ALTER TABLE purchases DROP COLUMN a;
-- file: 00004_rows.sql
-- +goose Up
INSERT INTO purchases (id, total) VALUES (1, 2);
-- +goose Down
DELETE FROM purchases WHERE id = 1;
-- file: 00005_dynamic.sql
-- +goose Up
CREATE TABLE a (id int);
DO $$ BEGIN IF EXISTS (SELECT FROM purchases) THEN CREATE TABLE b (id int); END IF; END $$;
-- +goose Down
DROP TABLE a;
-- file: 00006_unknown.sql
-- A table that no migration made: what it had is not known.
-- +goose Up
ALTER TABLE legacy ALTER COLUMN c SET NOT NULL;
-- +goose Down
SELECT 1;
-- file: 00007_nothing.sql
-- An empty downgrade is missing-down's.
-- +goose Up
CREATE TABLE c (id int);
-- +goose Down
-- file: 00008_nested.sql
-- +goose Up
BEGIN;
SAVEPOINT s;
CREATE TABLE d (id int);
ROLLBACK TO SAVEPOINT s;
ALTER TABLE purchases ADD COLUMN b int;
COMMIT;
-- +goose Down
BEGIN;
ALTER TABLE purchases ADD COLUMN z int;
ROLLBACK;
ALTER TABLE purchases DROP COLUMN b;
