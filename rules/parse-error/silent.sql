-- fixture: rules=all
-- What psql reads itself is no error, nor is data.
\set ON_ERROR_STOP on
CREATE TABLE IF NOT EXISTS imported (id bigint, note text);
COPY imported FROM stdin;
1	this is; no SQL '
\.
/* a comment /* in a comment */ */
SELECT $body$ it's ; $body$;
