-- fixture: transaction=per_file
CREATE TABLE orders (id bigint PRIMARY KEY, a int);
CREATE TABLE customers (id bigint PRIMARY KEY);
-- file: 002.sql
CREATE TABLE items (order_id bigint REFERENCES orders);
DELETE FROM customers;                                       -- want statement-after-access-exclusive "writes of orders stay blocked"
-- file: 003.sql
CREATE INDEX orders_a ON orders (a);
ALTER TABLE orders ADD CONSTRAINT positive CHECK (a > 0);
CREATE INDEX customers_i ON customers (id);                  -- want statement-after-access-exclusive "reads and writes of orders"
