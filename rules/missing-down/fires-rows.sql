-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint, note text);
-- +goose Down
DROP TABLE orders;
-- file: 00002_repair.sql
-- +goose Up
UPDATE orders SET note = NULL WHERE note = '';   -- want missing-down as info
-- file: 00003_seed.sql
-- +goose Up
INSERT INTO orders VALUES (1, 'first');          -- want missing-down as warning
