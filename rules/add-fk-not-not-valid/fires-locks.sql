CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, c bigint, CONSTRAINT f FOREIGN KEY (c) REFERENCES customers);
-- file: 002.sql
-- DROP CONSTRAINT in the same statement keeps readers of both tables out while the rows are checked (15: observed).
ALTER TABLE orders DROP CONSTRAINT f,
  ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers ON DELETE CASCADE;  -- want add-fk-not-not-valid "while reads and writes of orders and customers are blocked"
-- want+1 add-fk-not-not-valid "while reads and writes of orders and writes to customers are blocked"
ALTER TABLE orders ADD COLUMN z int, ADD CONSTRAINT g FOREIGN KEY (c) REFERENCES customers;
-- file: 003.sql
-- Nobody waits for the new table, but writers of the old one do.
CREATE TABLE actions AS SELECT id AS order_id FROM orders;
ALTER TABLE actions ADD CONSTRAINT h FOREIGN KEY (order_id) REFERENCES orders;  -- want add-fk-not-not-valid "while writes to orders are blocked"
