-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- cupel:revision orders
-- want+1 revision-cycle@1 "orders (20260101_000000_orders.sql), note (20260102_000000_note.sql)"
-- cupel:parent note
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_note.sql
-- cupel:revision note
-- cupel:parent orders
ALTER TABLE orders ADD COLUMN note text;
-- file: 20260103_000000_total.sql
-- cupel:revision total
-- want+1 revision-cycle "total (20260103_000000_total.sql) comes after itself"
-- cupel:parent total
ALTER TABLE orders ADD COLUMN total numeric;
