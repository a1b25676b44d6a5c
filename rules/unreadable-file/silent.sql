-- fixture: layout=golang-migrate
-- file: 1_orders.up.sql
CREATE TABLE orders (id bigint);
-- file: notes.txt unreadable
-- file: 2_nothing.up.sql
