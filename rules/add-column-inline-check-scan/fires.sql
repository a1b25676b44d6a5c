ALTER TABLE orders ADD COLUMN discount numeric CHECK (discount >= 0);               -- want add-column-inline-check-scan@20 "discount"
ALTER TABLE orders ADD COLUMN a int, ADD b int DEFAULT 1 CONSTRAINT pos CHECK (b > 0);  -- want add-column-inline-check-scan@38 "column b"
