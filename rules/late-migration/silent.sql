-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint);
-- file: 00002_total.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN total numeric;
-- file: 00003_note.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN note text;
-- file: cupel.lock
cupel.lock 1
00001 - 00001_orders.sql 00000000000000000000000000000000 -
00002 00001 00002_total.sql 00000000000000000000000000000000 -
heads 00002
