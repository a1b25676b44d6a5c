ALTER TABLE orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
ALTER TABLE orders ADD COLUMN a int;
ALTER TABLE orders ADD COLUMN id bigserial NOT NULL, ADD COLUMN i bigint GENERATED ALWAYS AS IDENTITY NOT NULL;
ALTER TABLE orders ADD COLUMN g int NOT NULL GENERATED ALWAYS AS (1) STORED;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN currency text NOT NULL;
CREATE TEMP TABLE scratch (id int);
ALTER TABLE scratch ADD COLUMN b int NOT NULL;
-- file: 002.sql
TRUNCATE orders;
ALTER TABLE orders ADD COLUMN emptied int NOT NULL;
-- file: 003.sql
-- Nullable, filled, then NOT NULL: the safe way (the scan is another rule's).
ALTER TABLE orders ADD COLUMN total numeric;
UPDATE orders SET total = 0;
ALTER TABLE orders ALTER COLUMN total SET NOT NULL;
