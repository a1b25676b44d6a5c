-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
CREATE TABLE orders (id bigint, note text);   -- want edited-applied-migration@1 "upgrade of revision 20260101_000000 was edited after it was locked"
-- file: cupel.lock
cupel.lock 1
20260101_000000 - 20260101_000000_orders.sql 00000000000000000000000000000000 -
-- want+1 edited-applied-migration "20260102_000000_lines.sql was deleted after revision 20260102_000000 was locked"
20260102_000000 20260101_000000 20260102_000000_lines.sql 00000000000000000000000000000000 -
heads 20260102_000000
