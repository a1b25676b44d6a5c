-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint);
-- file: 00002_note.sql
-- want late-migration@1 "before 00003"
-- +goose Up
ALTER TABLE orders ADD COLUMN note text;
-- file: 00003_total.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN total numeric;
-- file: cupel.lock
cupel.lock 1
00001 - 00001_orders.sql 00000000000000000000000000000000 -
00003 00001 00003_total.sql 00000000000000000000000000000000 -
heads 00003
