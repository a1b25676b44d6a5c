-- want+4 do-loop-batch-without-commit@5 "all rows of orders that it updates stay locked"
DO $$
BEGIN
  LOOP
    UPDATE orders SET state = 'new' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 1000);
    EXIT WHEN NOT FOUND;
  END LOOP;
END $$;
-- want+5 do-loop-batch-without-commit "deletes"
DO $$
DECLARE n int := 1;
BEGIN
  WHILE n > 0 LOOP
    DELETE FROM logs WHERE ctid IN (SELECT ctid FROM logs WHERE old LIMIT 500);
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM pg_sleep(0.1);
  END LOOP;
END $$;
