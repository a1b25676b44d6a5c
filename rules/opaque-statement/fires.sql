DO $$
DECLARE name text;
BEGIN
  EXECUTE 'ALTER TABLE orders ADD COLUMN a int';
  FOR name IN SELECT 'x' LOOP
    EXECUTE format('DROP TABLE %I', name);
    EXECUTE 'DROP TABLE ' || name;
  END LOOP;
END $$;
-- want-4 opaque-statement@5 "cannot see what this does"
-- want-4 opaque-statement@5
