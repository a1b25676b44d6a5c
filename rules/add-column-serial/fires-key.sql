-- want+1 add-column-serial safe `CREATE SEQUENCE stats.batches_id_seq AS integer OWNED BY stats.batches.id;`
ALTER TABLE stats.batches ADD COLUMN id serial;
-- want+1 add-column-serial safe `ALTER TABLE batches ALTER COLUMN id SET NOT NULL;`
ALTER TABLE batches ADD COLUMN id bigserial;
-- want+1 add-column-serial safe `ADD CONSTRAINT runs_pkey PRIMARY KEY USING INDEX runs_pkey;`
ALTER TABLE runs ADD COLUMN id serial PRIMARY KEY;
