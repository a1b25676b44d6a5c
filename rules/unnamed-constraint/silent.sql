CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders UNIQUE, n int CHECK (n > 0), CHECK (n < id));
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE keyless ADD PRIMARY KEY (id);
ALTER TABLE orders ADD UNIQUE USING INDEX orders_note_idx;
CREATE TEMP TABLE scratch (n int);
ALTER TABLE scratch ADD CHECK (n > 0);
ALTER TABLE lines ADD COLUMN IF NOT EXISTS n int UNIQUE;
