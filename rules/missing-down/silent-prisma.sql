-- fixture: layout=prisma
-- file: 20260101000000_orders/migration.sql
CREATE TABLE orders (id bigint);
-- file: 20260102000000_note/migration.sql
ALTER TABLE orders ADD COLUMN note text;
