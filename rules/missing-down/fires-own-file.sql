-- fixture: layout=golang-migrate
-- file: 1_orders.up.sql
CREATE TABLE orders (id bigint);
-- file: 1_orders.down.sql
DROP TABLE orders;
-- file: 2_note.up.sql
SET lock_timeout = '2s';   -- want missing-down@1 "migration 2 has no downgrade"
ALTER TABLE orders ADD COLUMN note text;
-- file: 3_total.up.sql
ALTER TABLE orders ADD COLUMN total numeric;
-- file: 3_total.down.sql
-- want missing-down@1 "an empty downgrade"
