ALTER TABLE orders ADD COLUMN position bigserial;          -- want add-column-serial@20 "bigserial"
ALTER TABLE IF EXISTS "Orders" ADD "Position" SERIAL;      -- want add-column-serial@32 "of type serial"
-- file: 002.sql
CREATE TABLE filled (a int);
INSERT INTO filled VALUES (1);
ALTER TABLE filled ADD COLUMN n smallserial NOT NULL;      -- want add-column-serial "filled"
