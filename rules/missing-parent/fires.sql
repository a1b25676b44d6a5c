-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- cupel:revision orders
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_note.sql
-- cupel:revision note
-- want+1 missing-parent@1 "parent order of revision note (20260102_000000_note.sql) does not exist; did you mean orders?"
-- cupel:parent order
ALTER TABLE orders ADD COLUMN note text;
-- file: 20260103_000000_total.sql
-- want+1 missing-parent "dependency elsewhere"
-- cupel:depends-on elsewhere
ALTER TABLE orders ADD COLUMN total numeric;
