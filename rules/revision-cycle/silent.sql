-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- cupel:revision orders
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_a.sql
-- cupel:revision a
-- cupel:parent orders
ALTER TABLE orders ADD COLUMN a text;
-- file: 20260103_000000_b.sql
-- cupel:revision b
-- cupel:parent orders
-- cupel:depends-on a
ALTER TABLE orders ADD COLUMN b text;
-- file: 20260104_000000_join.sql
-- cupel:parent a, b
