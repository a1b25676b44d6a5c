-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_note.sql
-- cupel:revision note
-- cupel:parent 20260101_000000
ALTER TABLE orders ADD COLUMN note text;
-- file: 20260103_000000_total.sql
-- cupel:revision total
-- cupel:parent 20260101_000000
ALTER TABLE orders ADD COLUMN total numeric;
-- file: 20260104_000000_join.sql
-- cupel:parent note, total
