-- The old key's index has the name until the statement that drops it.
-- want+1 add-pk-without-index "orders_pkey" safe `CREATE UNIQUE INDEX CONCURRENTLY orders_pkey_new ON orders (id, shop)`
ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY (id, shop);
-- want+1 add-pk-without-index safe `DROP CONSTRAINT items_pkey, ADD CONSTRAINT items_pkey PRIMARY KEY USING INDEX items_pkey_new`
ALTER TABLE items DROP CONSTRAINT items_pkey, ADD PRIMARY KEY (id, shop);
-- want+1 add-pk-without-index safe `ALTER TABLE logs ADD COLUMN shop int DEFAULT 1 NOT NULL;`
ALTER TABLE logs ADD COLUMN shop int DEFAULT 1 NOT NULL, ADD PRIMARY KEY (id, shop);
