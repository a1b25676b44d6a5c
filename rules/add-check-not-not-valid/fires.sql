ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0);        -- want add-check-not-not-valid@20 "total_positive"
ALTER TABLE orders ADD CHECK (total >= 0), ADD COLUMN c int;                -- want add-check-not-not-valid@20 "orders_total_check"
