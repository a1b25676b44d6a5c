DO $$
BEGIN
  LOOP
    UPDATE orders SET state = 'new' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 1000);
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END $$;
-- No loop.
DO $$
BEGIN
  UPDATE orders SET state = 'new' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 1000);
END $$;
-- A loop over a list, not over batches.
DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT id FROM shops LOOP
    UPDATE orders SET state = 'new' WHERE id = r.id;
  END LOOP;
END $$;
CREATE TABLE fresh (id bigint, state text);
INSERT INTO fresh SELECT g, NULL FROM generate_series(1, 10) g;
DO $$
BEGIN
  LOOP
    UPDATE fresh SET state = 'new' WHERE id IN (SELECT id FROM fresh WHERE state IS NULL LIMIT 2);
    EXIT WHEN NOT FOUND;
  END LOOP;
END $$;
