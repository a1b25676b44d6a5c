ALTER TABLE orders ADD CONSTRAINT orders_a_b_key UNIQUE (a, b);
ALTER TABLE orders ADD COLUMN customer_id bigint NOT NULL CONSTRAINT orders_customer_id_fkey REFERENCES customers;
