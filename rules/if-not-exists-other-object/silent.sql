CREATE TABLE orders (id bigint, a int, b int);
CREATE INDEX i ON orders (a);
CREATE INDEX e ON orders ((a + 1));
-- file: 002.sql
CREATE TABLE IF NOT EXISTS orders (id bigint, a int);
CREATE TABLE IF NOT EXISTS other (id bigint, note text);
CREATE INDEX IF NOT EXISTS i ON orders (a);
CREATE INDEX IF NOT EXISTS e ON orders ((a + 1));
CREATE INDEX IF NOT EXISTS j ON orders (b);
ALTER TABLE orders ADD COLUMN IF NOT EXISTS a integer;
ALTER TABLE orders ADD COLUMN IF NOT EXISTS c text;
ALTER TABLE orders DROP COLUMN a, ADD COLUMN IF NOT EXISTS a text;
