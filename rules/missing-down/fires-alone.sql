-- fixture: layout=dbmate
-- file: 20260101000000_orders.sql
-- migrate:up
CREATE TABLE orders (id bigint);   -- want missing-down "no downgrade"
