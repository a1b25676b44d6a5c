-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint PRIMARY KEY, note text DEFAULT '', total numeric NOT NULL CHECK (total > 0));
CREATE INDEX orders_note ON orders (note);
CREATE VIEW cheap AS SELECT id FROM orders WHERE total < 10;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
-- +goose Down
DROP VIEW cheap;
-- want-1 down-does-not-reverse-up "table orders stays; function touch() stays" safe `DROP FUNCTION touch();`
-- file: 00002_drops.sql
-- +goose Up
DROP INDEX orders_note;
ALTER TABLE orders DROP COLUMN note;
DROP VIEW cheap;
-- +goose Down
ALTER TABLE orders ADD COLUMN note text;         -- want down-does-not-reverse-up "the default of column orders.note is nothing afterwards, and was ''"
CREATE INDEX orders_note_idx ON orders (note);
CREATE VIEW cheap AS SELECT id FROM orders WHERE total < 10;
-- file: 00003_constraint.sql
-- +goose Up
ALTER TABLE orders DROP CONSTRAINT orders_total_check;
ALTER TABLE orders ALTER COLUMN total DROP NOT NULL;
-- +goose Down
ALTER TABLE orders ADD CONSTRAINT total_is_positive CHECK (total > 0);   -- want down-does-not-reverse-up "constraint orders.orders_total_check does not come back"
-- file: 00004_type.sql
-- +goose Up
ALTER TABLE orders ALTER COLUMN id TYPE numeric;
-- +goose Down
ALTER TABLE orders ALTER COLUMN id TYPE integer; -- want down-does-not-reverse-up "the type of column orders.id is integer afterwards, and was bigint"
-- file: 00005_renamed.sql
-- +goose Up
ALTER TABLE orders RENAME TO purchases;
CREATE TABLE orders (id bigint);
-- +goose Down
DROP TABLE orders;                               -- want down-does-not-reverse-up "table purchases stays"
-- file: 00006_lost.sql
-- Nothing is left behind.
-- +goose Up
ALTER TABLE purchases DROP COLUMN total;
-- +goose Down
SELECT 1;                                        -- want down-does-not-reverse-up "column purchases.total does not come back" as info
