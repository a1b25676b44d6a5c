CREATE TABLE fresh (id bigserial PRIMARY KEY);
ALTER TABLE fresh ADD COLUMN position serial;
ALTER TABLE orders ADD COLUMN position bigint;
ALTER TABLE orders ALTER COLUMN position SET DEFAULT nextval('orders_position_seq');
CREATE TEMP TABLE scratch (a int);
ALTER TABLE scratch ADD COLUMN n serial;
-- Rewritten with its rows, but nobody uses it yet.
CREATE TABLE filled AS SELECT a FROM orders;
ALTER TABLE filled ADD COLUMN n smallserial NOT NULL;
