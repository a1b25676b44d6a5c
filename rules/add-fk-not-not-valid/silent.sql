ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders ADD COLUMN region int REFERENCES regions (id);
CREATE TABLE fresh (id bigint, customer_id bigint REFERENCES customers (id));
ALTER TABLE fresh ADD FOREIGN KEY (id) REFERENCES orders (id);
-- file: 002.sql
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fkey;
-- file: 003.sql
CREATE TABLE few (order_id bigint);
INSERT INTO few VALUES (1), (2);
ALTER TABLE few ADD FOREIGN KEY (order_id) REFERENCES orders (id);
