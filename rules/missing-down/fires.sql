-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint);
-- +goose Down
DROP TABLE orders;
-- file: 00002_note.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN note text;   -- want missing-down@1 "migration 00002 has no downgrade"
-- file: 00003_total.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN total numeric;
-- want+1 missing-down "migration 00003 has an empty downgrade"
-- +goose Down
-- write me
