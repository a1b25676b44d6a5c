-- fixture: layout=goose
-- file: 00001_orders.sql
CREATE TABLE orders (id bigint);   -- want layout-error "goose refuses this file"
-- +goose Down
DROP TABLE orders;
-- file: seed.sql
-- want layout-error "goose ignores seed.sql"
-- +goose Up
INSERT INTO orders VALUES (1);
