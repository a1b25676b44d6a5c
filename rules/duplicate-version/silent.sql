-- fixture: layout=goose
-- file: 00001_orders.sql
-- +goose Up
CREATE TABLE orders (id bigint);
-- +goose Down
DROP TABLE orders;
-- file: 00011_lines.sql
-- +goose Up
CREATE TABLE lines (id bigint);
-- +goose Down
DROP TABLE lines;
