CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE payments (id bigint, order_id bigint CONSTRAINT a REFERENCES orders (id));
ALTER TABLE payments DROP CONSTRAINT a;
CREATE TABLE refunds (id bigint, order_id bigint REFERENCES orders (id));
CREATE TABLE plain (id bigint PRIMARY KEY);
-- file: 002.sql
DROP TABLE plain;
DROP TABLE refunds, orders;
-- file: 003.sql
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE sales (shop_id bigint REFERENCES shops (id));
-- file: 003.down.sql
DROP TABLE sales;
