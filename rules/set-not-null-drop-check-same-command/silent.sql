CREATE TABLE orders (id bigint, note text CONSTRAINT note_given CHECK (note IS NOT NULL), b text CONSTRAINT b_given CHECK (b IS NOT NULL),
  CONSTRAINT b_again CHECK (b IS NOT NULL AND id > 0));
-- file: 002.sql
ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT note_given;
-- file: 003.sql
-- Another valid check still proves it.
ALTER TABLE orders ALTER COLUMN b SET NOT NULL, DROP CONSTRAINT b_given;
CREATE TABLE fresh (a int CONSTRAINT a_given CHECK (a IS NOT NULL));
ALTER TABLE fresh ALTER COLUMN a SET NOT NULL, DROP CONSTRAINT a_given;
