-- want+1 add-check-not-not-valid safe `ALTER TABLE orders ADD COLUMN at date, ADD COLUMN until date;`
ALTER TABLE orders ADD COLUMN at date, ADD COLUMN until date, ADD COLUMN note text, ADD CONSTRAINT order_ck CHECK ((at IS NULL) = (until IS NULL));
-- want+1 add-check-not-not-valid safe `ALTER TABLE orders DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK`
ALTER TABLE orders DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (total > 0);
