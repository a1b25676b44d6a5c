BEGIN;
ALTER TABLE orders ADD COLUMN note text;
COMMIT;
DO $$ BEGIN
  UPDATE orders SET note = '' WHERE id = 1;
  COMMIT;
END $$;
BEGIN;
DO $$ BEGIN
  UPDATE orders SET note = 'commit' WHERE id = 1;
END $$;
SAVEPOINT a;
ROLLBACK TO a;
ROLLBACK;
