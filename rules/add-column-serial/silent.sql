CREATE TABLE fresh (id bigserial PRIMARY KEY);
ALTER TABLE fresh ADD COLUMN position serial;
ALTER TABLE orders ADD COLUMN position bigint;
ALTER TABLE orders ALTER COLUMN position SET DEFAULT nextval('orders_position_seq');
CREATE TEMP TABLE scratch (a int);
ALTER TABLE scratch ADD COLUMN n serial;
-- file: 008.sql
-- Rewritten with its rows, but nobody uses it yet.
CREATE TABLE copied AS SELECT a FROM orders;
ALTER TABLE copied ADD COLUMN n smallserial NOT NULL;
-- file: 009.sql
-- Filled, but nobody knows the table before this migration has ended.
CREATE TABLE filled (a int);
INSERT INTO filled VALUES (1);
ALTER TABLE filled ADD COLUMN n smallserial NOT NULL;
