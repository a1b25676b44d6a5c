ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.19) STORED;   -- want add-column-generated-stored@20 "gross"
