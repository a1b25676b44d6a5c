-- fixture: layout=sqlx
-- file: 20260101000000_orders.sql
CREATE TABLE orders (id bigint);
-- file: 20260102000000_note.sql
ALTER TABLE orders ADD COLUMN note text;
