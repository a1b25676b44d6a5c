-- With rows the column is refused, without there is nothing to index: add-column-not-null-no-default says so.
ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD COLUMN uid uuid NOT NULL, ADD CONSTRAINT orders_pkey PRIMARY KEY (uid);
