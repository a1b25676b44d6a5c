-- want+1 add-column-volatile-default safe `ADD CONSTRAINT waitlist_secret_key UNIQUE USING INDEX waitlist_secret_key;`
ALTER TABLE waitlist ADD COLUMN secret uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE;
