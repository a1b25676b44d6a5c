-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- cupel:revision orders
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_note.sql
-- cupel:revision note
-- cupel:parent orders
ALTER TABLE orders ADD COLUMN note text;
-- file: 20260103_000000_total.sql
-- want+1 multiple-heads "note (20260102_000000_note.sql), total (20260103_000000_total.sql)"
-- cupel:revision total
-- cupel:parent orders
ALTER TABLE orders ADD COLUMN total numeric;
