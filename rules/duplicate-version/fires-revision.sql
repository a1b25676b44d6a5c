-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
-- cupel:revision orders
CREATE TABLE orders (id bigint);
-- file: 20260102_000000_lines.sql
-- want+1 duplicate-version@1 "revision orders is used twice, in 20260101_000000_orders.sql and 20260102_000000_lines.sql"
-- cupel:revision orders
-- cupel:parent none
CREATE TABLE lines (id bigint);
