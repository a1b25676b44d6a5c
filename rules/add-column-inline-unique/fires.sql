ALTER TABLE orders ADD COLUMN number text UNIQUE;                                  -- want add-column-inline-unique@20 "unique constraint of new column number"
ALTER TABLE events ADD COLUMN id bigint DEFAULT 1 CONSTRAINT k PRIMARY KEY;        -- want add-column-inline-unique "primary key"
