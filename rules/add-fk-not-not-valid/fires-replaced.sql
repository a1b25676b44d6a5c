-- The key that is replaced goes in the same statement, the column that it needs comes first.
-- want+1 add-fk-not-not-valid safe `ALTER TABLE orders DROP CONSTRAINT orders_shop_fkey, ADD CONSTRAINT orders_shop_fkey FOREIGN KEY (shop)`
ALTER TABLE orders DROP CONSTRAINT orders_shop_fkey, ADD CONSTRAINT orders_shop_fkey FOREIGN KEY (shop) REFERENCES shops ON DELETE CASCADE;
-- want+1 add-fk-not-not-valid safe `ALTER TABLE orders ADD COLUMN region int;`
ALTER TABLE orders ADD COLUMN region int, ADD COLUMN other int, ADD CONSTRAINT orders_region FOREIGN KEY (region) REFERENCES regions;
-- want+1 add-fk-not-not-valid "orders_a_b_fkey" safe `REFERENCES pairs (a, b) MATCH FULL DEFERRABLE INITIALLY DEFERRED NOT VALID`
ALTER TABLE orders ADD FOREIGN KEY (a, b) REFERENCES pairs (a, b) MATCH FULL DEFERRABLE INITIALLY DEFERRED;
