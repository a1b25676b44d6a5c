-- want+1 add-fk-not-not-valid@20 "orders_customer_fkey"
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);
ALTER TABLE orders ADD FOREIGN KEY (shop_id) REFERENCES shops ON DELETE CASCADE;     -- want add-fk-not-not-valid "orders_shop_id_fkey"
ALTER TABLE orders ADD COLUMN region int DEFAULT 1 REFERENCES regions (id);          -- want add-fk-not-not-valid@20 "orders_region_fkey"
