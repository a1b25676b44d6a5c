-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- cupel:parent none
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_note.sql
-- cupel:depends-on 20260101_000000
ALTER TABLE orders ADD COLUMN note text;
