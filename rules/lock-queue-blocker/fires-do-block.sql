-- fixture: transaction=none
-- What a DO block runs is in a transaction, whatever is around it: LOCK TABLE does not fail there.
-- want+3 lock-queue-blocker "LOCK TABLE waits"
DO $$
BEGIN
  LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;
END $$;
