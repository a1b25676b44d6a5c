-- want+1 add-column-identity safe `CREATE SEQUENCE stats.batches_id_fill_seq OWNED BY stats.batches.id;`
ALTER TABLE stats.batches ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
