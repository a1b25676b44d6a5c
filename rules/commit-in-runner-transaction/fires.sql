-- fixture: transaction=per_file
ALTER TABLE orders ADD COLUMN note text;
COMMIT;                                                  -- want commit-in-runner-transaction@1 "COMMIT ends" as warning
ALTER TABLE orders ADD COLUMN other text;
-- file: 002.sql
ROLLBACK;                                                -- want commit-in-runner-transaction "ROLLBACK" as error
-- file: 003.sql
COMMIT;                                                  -- want commit-in-runner-transaction as info
CREATE INDEX CONCURRENTLY i ON orders (note);
BEGIN;
-- file: 004.sql
-- want+1 commit-in-runner-transaction "the COMMIT in this DO block fails"
DO $$ BEGIN
  UPDATE orders SET note = '' WHERE id = 1;
  commit;
END $$;
