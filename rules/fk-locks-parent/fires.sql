CREATE TABLE payments (id bigint, order_id bigint REFERENCES orders (id));                          -- want fk-locks-parent@1 "blocks writes to orders"
ALTER TABLE orders ADD COLUMN shop_id int REFERENCES shops (id);                                    -- want fk-locks-parent@20 "shops"
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;  -- want fk-locks-parent "customers"
