-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint);
-- +goose Down
DROP TABLE orders;
-- file: 00002_nothing_to_undo.sql
-- +goose Up
SELECT 1;
-- file: 00003_irreversible.sql
-- +goose Up
DELETE FROM orders WHERE id < 0;
-- +goose Down
-- cupel:ignore missing-down: the rows are gone
-- file: 00004_nothing_done.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN note text;
-- +goose Down
SELECT 1;
