ALTER TABLE orders ADD COLUMN currency text NOT NULL;                    -- want add-column-not-null-no-default@20 "currency"
ALTER TABLE orders ADD COLUMN a int, ADD COLUMN b int NOT NULL;          -- want add-column-not-null-no-default@38 "column b"
ALTER TABLE orders ADD COLUMN c int DEFAULT NULL NOT NULL;               -- want add-column-not-null-no-default
-- file: 002.sql
-- The backfill comes too late.
ALTER TABLE orders ADD COLUMN total numeric NOT NULL;                    -- want add-column-not-null-no-default
UPDATE orders SET total = 0;
-- file: 003.sql
CREATE TABLE filled (id int);
INSERT INTO filled VALUES (1);
ALTER TABLE filled ADD COLUMN d uuid NOT NULL;                           -- want add-column-not-null-no-default "filled"
