-- fixture: pg=17..18 transaction=per_file
CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood ADD VALUE 'ok';
SELECT 'ok'::mood;
