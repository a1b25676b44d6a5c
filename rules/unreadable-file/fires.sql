-- fixture: layout=golang-migrate
-- file: 1_orders.up.sql
CREATE TABLE orders (id bigint);
-- file: 2_note.up.sql unreadable
-- want unreadable-file@1 "cannot read"
-- file: 3_total.up.sql
ALTER TABLE orders ADD COLUMN total numeric;
