-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
CREATE TABLE orders (id bigint);   -- want missing-down "none of the 2 migrations"
-- file: 20260102_000000_note.sql
ALTER TABLE orders ADD COLUMN note text;
