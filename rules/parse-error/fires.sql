CREATE TABLE orders (id bigint;               -- want parse-error@31 "syntax error at or near"
CREATE INDEX orders_id_idx ON orders (id);
SELECT 'é', FROM orders;                      -- want parse-error@13 "FROM"
DO $$ BEGIN
  ALTER TABLE orders ADD COLUM note text;
END $$;
-- want-2 parse-error "at or near"
