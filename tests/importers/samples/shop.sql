-- A dump with what dumps hold.
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE public.tier AS ENUM ('basic', 'gold');
ALTER TYPE public.tier ADD VALUE 'silver' BEFORE 'gold';
CREATE DOMAIN public.slug AS citext CHECK (VALUE ~ '^[a-z]+$') NOT NULL;
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 'x;y'; RETURN NEW; END $$;

CREATE TABLE public.customers (
    id bigint NOT NULL,
    email public.citext NOT NULL,
    code public.slug,
    tier public.tier DEFAULT 'basic'::public.tier NOT NULL,
    age integer CHECK (age >= 18 AND age < 150),
    balance numeric(12,2) DEFAULT 0.00 NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    settings jsonb DEFAULT '{"a": 1}'::jsonb,
    created_at timestamp without time zone DEFAULT now() NOT NULL,
    region text NOT NULL,
    CONSTRAINT region_known CHECK (((region)::text = ANY ((ARRAY['north'::character varying, 'south'::character varying])::text[]))),
    CONSTRAINT either CHECK (((email IS NOT NULL) OR (age IS NOT NULL)))
);
COMMENT ON TABLE public.customers IS 'Who buys; and says so.';
COMMENT ON COLUMN public.customers.age IS 'In years';
CREATE SEQUENCE public.customers_id_seq START WITH 1;
ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);
COPY public.customers (id, email) FROM stdin;
1	it's; CREATE TABLE x (a int);
\.
ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX customers_email ON public.customers USING btree (email);
CREATE UNIQUE INDEX customers_lower ON public.customers USING btree (lower(region));

CREATE TABLE public.orders (
    region character(2) NOT NULL,
    number integer NOT NULL,
    customer_id bigint REFERENCES public.customers ON DELETE SET NULL,
    state character varying(20) DEFAULT 'new'::character varying,
    PRIMARY KEY (region, number)
);
CREATE INDEX orders_by_state ON public.orders (state);
CREATE TABLE public."orderLines" (
    region character(2) NOT NULL,
    number integer NOT NULL,
    "productName" character varying(80) NOT NULL,
    amount smallint DEFAULT 1 NOT NULL,
    PRIMARY KEY (region, number, "productName"),
    FOREIGN KEY (region, number) REFERENCES public.orders (region, number) ON DELETE CASCADE
);
CREATE VIEW public.recent AS SELECT * FROM public.orders;
INSERT INTO public.orders VALUES ('DE', 1, NULL, 'it''s; done');
