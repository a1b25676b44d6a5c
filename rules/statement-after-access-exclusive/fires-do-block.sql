-- fixture: transaction=per_file
-- The text in a DO block is PL/pgSQL: no statement to take out as it is.
ALTER TABLE orders ADD COLUMN number bigint;
-- want+5 statement-after-access-exclusive
DO $$
DECLARE
  highest bigint;
BEGIN
  SELECT max(number) INTO highest FROM orders;
  PERFORM setval('numbers', highest);
END $$;
