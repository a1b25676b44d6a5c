CREATE TABLE fresh (net numeric);
ALTER TABLE fresh ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.19) STORED;
ALTER TABLE orders ADD COLUMN gross numeric;
