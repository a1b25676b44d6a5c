ALTER TABLE orders ADD UNIQUE (a, b);   -- want unnamed-constraint
ALTER TABLE orders ADD COLUMN customer_id bigint NOT NULL REFERENCES customers;   -- want unnamed-constraint
