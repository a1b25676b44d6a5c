CREATE TABLE accounts (id bigint PRIMARY KEY, email text UNIQUE, a int, b int, UNIQUE (a, b));
CREATE INDEX accounts_email_idx ON accounts (email);          -- want redundant-index@14 "accounts_email_key of accounts serves"
CREATE INDEX accounts_a_b ON accounts (a, b);                 -- want redundant-index
CREATE INDEX accounts_b_a ON accounts (b, a);
CREATE INDEX accounts_b ON accounts (b);                      -- want redundant-index "accounts_b_a"
