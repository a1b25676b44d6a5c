ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders ADD COLUMN region int REFERENCES regions (id);
CREATE TABLE fresh (id bigint, customer_id bigint REFERENCES customers (id));
ALTER TABLE fresh ADD FOREIGN KEY (id) REFERENCES orders (id);
-- file: 002.sql
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fkey;
