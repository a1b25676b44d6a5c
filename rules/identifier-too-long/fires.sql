-- want+1 identifier-too-long@14 "the name has 73 bytes"
CREATE INDEX orders_by_customer_and_shop_and_date_of_delivery_and_state_of_payment_idx ON orders (customer_id);
-- file: 002.sql
-- Counted in bytes: 32 letters of two bytes each.
ALTER TABLE orders ADD COLUMN "éééééééééééééééééééééééééééééééé" int;  -- want identifier-too-long@31 "the name has 64 bytes, and PostgreSQL keeps the first 62"
