-- fixture: schema_dump=db/schema.sql
CREATE TABLE orders (id serial PRIMARY KEY, total numeric(12, 2) CHECK (total >= 0), state varchar(10) DEFAULT 'new');
CREATE INDEX orders_open_idx ON orders (id) WHERE state IN ('new', 'paid');
CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE state = 'new';
-- file: db/schema.sql
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_tablespace = '';
CREATE TABLE public.orders (
    id integer NOT NULL,
    total numeric(12,2),
    state character varying(10) DEFAULT 'new'::character varying,
    CONSTRAINT orders_total_check CHECK ((total >= (0)::numeric))
);
ALTER TABLE public.orders OWNER TO shop;
CREATE VIEW public.open_orders AS
 SELECT orders.id,
    orders.total
   FROM public.orders
  WHERE ((orders.state)::text = 'new'::text);
CREATE SEQUENCE public.orders_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;
ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);
COPY public.orders (id, total, state) FROM stdin;
1	2.00	new
\.
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
CREATE INDEX orders_open_idx ON public.orders USING btree (id) WHERE ((state)::text = ANY ((ARRAY['new'::character varying, 'paid'::character varying])::text[]));
