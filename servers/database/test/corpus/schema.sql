-- A company to analyse. Run once, by a superuser, in a database of its own.
DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN CREATE ROLE analyst LOGIN; END IF;
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN CREATE EXTENSION IF NOT EXISTS pg_trgm; END IF;
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hstore') THEN CREATE EXTENSION IF NOT EXISTS hstore; END IF;
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext') THEN CREATE EXTENSION IF NOT EXISTS citext; END IF;
END
$do$;

CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped', 'returned');
CREATE TYPE address AS (street text, city text, zip text);
CREATE DOMAIN positive_amount AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE TYPE price_range AS RANGE (subtype = numeric);

CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, country text, segment text, tags text[], home address, signed_up date, email text);
INSERT INTO customers SELECT n, 'Customer ' || n, (ARRAY['DE', 'FR', 'US', 'JP'])[1 + n % 4], (ARRAY['retail', 'business'])[1 + n % 2],
  ARRAY['tag' || n % 3, 'tag' || n % 5], ROW('Street ' || n, 'City ' || n % 7, lpad(n::text, 5, '0'))::address,
  DATE '2022-01-01' + n * 3, 'c' || n || '@example.com' FROM generate_series(1, 60) n;
CREATE TABLE products (id int PRIMARY KEY, name text, category text, price positive_amount, attributes jsonb, band price_range);
INSERT INTO products SELECT n, 'Product ' || n, (ARRAY['toys', 'books', 'tools'])[1 + n % 3], n * 1.25,
  jsonb_build_object('color', (ARRAY['red', 'blue'])[1 + n % 2], 'sizes', jsonb_build_array(n, n + 1), 'dims', jsonb_build_object('w', n)),
  price_range(n, n * 2) FROM generate_series(1, 30) n;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, status order_status, placed_at timestamptz, total positive_amount, note text);
INSERT INTO orders SELECT n, 1 + n % 60, (ARRAY['new', 'paid', 'shipped', 'returned']::order_status[])[1 + n % 4],
  TIMESTAMPTZ '2023-01-01 00:00+00' + n * INTERVAL '7 hours', (n * 13) % 400, CASE WHEN n % 5 = 0 THEN 'gift' END FROM generate_series(1, 500) n;
CREATE TABLE order_items (order_id int REFERENCES orders, product_id int REFERENCES products, quantity int, PRIMARY KEY (order_id, product_id));
INSERT INTO order_items SELECT n, 1 + (n * k) % 30, 1 + (n + k) % 4 FROM generate_series(1, 500) n, generate_series(1, 3) k ON CONFLICT DO NOTHING;
CREATE TABLE events (id bigint PRIMARY KEY, customer_id int, at timestamptz, kind text, payload jsonb) ;
INSERT INTO events SELECT n, 1 + n % 60, TIMESTAMPTZ '2023-03-01 00:00+00' + n * INTERVAL '11 minutes', (ARRAY['view', 'cart', 'buy'])[1 + n % 3],
  jsonb_build_object('page', '/p/' || n % 30, 'ms', n % 900, 'items', jsonb_build_array(jsonb_build_object('sku', n % 10, 'qty', n % 3))) FROM generate_series(1, 600) n;
CREATE TABLE employees (id int PRIMARY KEY, name text, manager_id int REFERENCES employees, salary numeric, department text);
INSERT INTO employees SELECT n, 'Employee ' || n, NULLIF(n / 3, 0), 1000 + n * 10, (ARRAY['sales', 'ops'])[1 + n % 2] FROM generate_series(1, 30) n;
CREATE TABLE documents (id int PRIMARY KEY, title text, body text, search tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || body)) STORED);
INSERT INTO documents SELECT n, 'Report ' || n, 'The quick brown fox number ' || n || ' jumps over lazy dogs' FROM generate_series(1, 20) n;
CREATE TABLE bookings (id int PRIMARY KEY, room int, during tsrange, days daterange);
INSERT INTO bookings SELECT n, n % 4, tsrange(TIMESTAMP '2024-01-01' + n * INTERVAL '1 day', TIMESTAMP '2024-01-01' + n * INTERVAL '1 day' + INTERVAL '3 hours'),
  daterange(DATE '2024-01-01' + n, DATE '2024-01-03' + n) FROM generate_series(1, 40) n;
CREATE TABLE measures (sensor int, at date, value double precision) PARTITION BY RANGE (at);
CREATE TABLE measures_2023 PARTITION OF measures FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE measures_2024 PARTITION OF measures FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO measures SELECT n % 5, DATE '2023-10-01' + n, sin(n) * 10 FROM generate_series(1, 200) n;
CREATE TABLE edges (a int, b int, weight int);
INSERT INTO edges SELECT n, n % 7 + 1, n FROM generate_series(1, 12) n;

CREATE VIEW customer_revenue AS SELECT c.id, c.name, c.country, sum(o.total) AS revenue, count(*) AS orders
  FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id;
CREATE VIEW top_customers AS SELECT *, rank() OVER (ORDER BY revenue DESC) FROM customer_revenue;
CREATE MATERIALIZED VIEW monthly AS SELECT date_trunc('month', placed_at) AS month, sum(total) AS revenue FROM orders GROUP BY 1;
CREATE FUNCTION net(gross numeric, rate numeric DEFAULT 0.19) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT round(gross / (1 + rate), 2) $$;
CREATE FUNCTION full_label(c customers) RETURNS text LANGUAGE sql STABLE AS $$ SELECT c.name || ' (' || c.country || ')' $$;
CREATE AGGREGATE product_of(double precision) (SFUNC = float8mul, STYPE = double precision, INITCOND = '1');
CREATE FUNCTION is_near(a numeric, b numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT abs(a - b) < 1 $$;
CREATE OPERATOR ~~~ (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = is_near);

GRANT SELECT ON ALL TABLES IN SCHEMA public TO analyst;
