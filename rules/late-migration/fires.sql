-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint);
-- want+1 late-migration@1 "before 3"
-- file: 00002_note.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN note text;
-- file: 00003_total.sql
-- +goose Up
ALTER TABLE orders ADD COLUMN total numeric;
-- file: cupel.lock
cupel.lock 1
1 - 00001_orders.sql 00000000000000000000000000000000 -
3 1 00003_total.sql 00000000000000000000000000000000 -
heads 3
