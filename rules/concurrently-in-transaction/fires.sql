BEGIN;
CREATE INDEX CONCURRENTLY i ON orders (note);                  -- want concurrently-in-transaction@1 "CREATE INDEX CONCURRENTLY fails in the transaction that BEGIN opened"
COMMIT;
BEGIN;
DROP INDEX CONCURRENTLY i;                                     -- want concurrently-in-transaction "DROP INDEX CONCURRENTLY"
ROLLBACK;
START TRANSACTION;
REINDEX TABLE CONCURRENTLY orders;                             -- want concurrently-in-transaction "REINDEX CONCURRENTLY"
VACUUM orders;                                                 -- want concurrently-in-transaction "VACUUM fails"
REINDEX SCHEMA shop;                                           -- want concurrently-in-transaction "REINDEX fails"
COMMIT;
CREATE INDEX CONCURRENTLY j ON orders (note);
-- want+2 concurrently-in-transaction@3 "a DO block"
DO $$ BEGIN
  CREATE INDEX CONCURRENTLY k ON orders (note);
END $$;
