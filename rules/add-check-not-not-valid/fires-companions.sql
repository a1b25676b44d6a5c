-- want+1 add-check-not-not-valid safe `ALTER TABLE orders ADD COLUMN at date, ADD COLUMN until date;`
ALTER TABLE orders ADD COLUMN at date, ADD COLUMN until date, ADD COLUMN note text, ADD CONSTRAINT order_ck CHECK ((at IS NULL) = (until IS NULL));
-- want+1 add-check-not-not-valid safe `ALTER TABLE orders DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK`
ALTER TABLE orders DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (total > 0);
-- PostgreSQL adds columns before constraints, wherever they stand.
-- want+1 add-check-not-not-valid safe `ALTER TABLE orders ADD COLUMN kind smallint NOT NULL DEFAULT 1;`
ALTER TABLE orders ADD CONSTRAINT kinds CHECK (kind IN (1, 2)), ADD COLUMN kind smallint NOT NULL DEFAULT 1;
