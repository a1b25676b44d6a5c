CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE payments (id bigint, order_id bigint CONSTRAINT a REFERENCES orders (id), shop_id bigint CONSTRAINT b REFERENCES shops (id));
CREATE TABLE refunds (id bigint, order_id bigint REFERENCES orders (id));
-- file: 002.sql
ALTER TABLE payments DROP CONSTRAINT a;             -- want drop-fk-locks-parent@22 "blocks reads and writes of orders"
-- file: 003.sql
ALTER TABLE payments DROP COLUMN shop_id;           -- want drop-fk-locks-parent "shops"
-- file: 004.sql
DROP TABLE refunds;                                 -- want drop-fk-locks-parent "orders"
