BEGIN;
-- want+1 commit-in-runner-transaction "DO block fails"
DO $$ BEGIN
  UPDATE orders SET note = '' WHERE id = 1;
  COMMIT;
END $$;
COMMIT;
