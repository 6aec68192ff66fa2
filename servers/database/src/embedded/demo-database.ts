/**
 * A small shop, the same at every creation: 5 regions, 40 employees, 600 customers, 120 products, 6,000 orders of 2023–2025 with
 * some 15,000 items. One transaction: a database that is killed in it stays empty, and is filled the next time.
 * `orders.employee_id` has no index, so that there is something to advise.
 */
export const demoDatabase = `
BEGIN;

CREATE TYPE order_status AS ENUM ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'returned');

CREATE TABLE regions (
  region_id int PRIMARY KEY,
  name text NOT NULL UNIQUE,
  country text NOT NULL,
  vat_rate numeric(4,2) NOT NULL CHECK (vat_rate BETWEEN 0 AND 30)
);
COMMENT ON TABLE regions IS 'Sales regions, one country each';
COMMENT ON COLUMN regions.vat_rate IS 'Value added tax in percent';

CREATE TABLE employees (
  employee_id int PRIMARY KEY,
  manager_id int REFERENCES employees,
  region_id int NOT NULL REFERENCES regions,
  full_name text NOT NULL,
  email text NOT NULL UNIQUE,
  title text NOT NULL,
  hired_on date NOT NULL,
  salary numeric(10,2) NOT NULL CHECK (salary > 0)
);
COMMENT ON TABLE employees IS 'Sales staff; managers are employees too';
COMMENT ON COLUMN employees.salary IS 'Euros a year before tax. Confidential';

CREATE TABLE customers (
  customer_id int PRIMARY KEY,
  region_id int NOT NULL REFERENCES regions,
  name text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email LIKE '%@%'),
  segment text NOT NULL CHECK (segment IN ('consumer', 'business', 'public')),
  preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE customers IS 'Who has an account; not everybody has ordered';
COMMENT ON COLUMN customers.preferences IS 'newsletter: boolean, language: two letters';
CREATE INDEX customers_region_id ON customers (region_id);

CREATE TABLE products (
  product_id int PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  category text NOT NULL,
  price numeric(8,2) NOT NULL CHECK (price > 0),
  cost numeric(8,2) NOT NULL CHECK (cost > 0),
  stock int NOT NULL DEFAULT 0 CHECK (stock >= 0),
  tags text[] NOT NULL DEFAULT '{}',
  discontinued boolean NOT NULL DEFAULT false,
  CHECK (cost < price)
);
COMMENT ON TABLE products IS 'What is or was for sale';
COMMENT ON COLUMN products.price IS 'Euros without VAT, today; what was paid is in order_items';
CREATE INDEX products_category ON products (category);

CREATE TABLE orders (
  order_id int NOT NULL,
  ordered_at timestamptz NOT NULL,
  customer_id int NOT NULL,
  employee_id int,
  status order_status NOT NULL DEFAULT 'pending',
  shipped_at timestamptz,
  note text,
  PRIMARY KEY (order_id, ordered_at),
  CHECK (shipped_at >= ordered_at)
) PARTITION BY RANGE (ordered_at);
COMMENT ON TABLE orders IS 'Orders, a partition a year';
COMMENT ON COLUMN orders.employee_id IS 'Who sold it; null for the web shop';
CREATE TABLE orders_2023 PARTITION OF orders FOR VALUES FROM ('2023-01-01Z') TO ('2024-01-01Z');
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01Z') TO ('2025-01-01Z');
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01Z') TO ('2026-01-01Z');

CREATE TABLE order_items (
  order_id int NOT NULL,
  ordered_at timestamptz NOT NULL,
  line int NOT NULL CHECK (line > 0),
  product_id int NOT NULL,
  quantity int NOT NULL CHECK (quantity BETWEEN 1 AND 100),
  unit_price numeric(8,2) NOT NULL,
  discount numeric(3,2) NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND 0.5),
  PRIMARY KEY (order_id, line)
);
COMMENT ON TABLE order_items IS 'Lines of orders';
COMMENT ON COLUMN order_items.discount IS 'Part of the price that was taken off: 0.10 is 10 %';

INSERT INTO regions VALUES
  (1, 'North', 'Denmark', 25), (2, 'West', 'France', 20), (3, 'Centre', 'Germany', 19),
  (4, 'South', 'Italy', 22), (5, 'East', 'Poland', 23);

INSERT INTO employees
SELECT n, CASE WHEN n = 1 THEN NULL WHEN n <= 6 THEN 1 ELSE 2 + n % 5 END, 1 + n % 5, name,
  lower(replace(name, ' ', '.')) || n || '@shop.example',
  CASE WHEN n = 1 THEN 'Head of sales' WHEN n <= 6 THEN 'Regional manager' ELSE 'Sales representative' END,
  date '2015-01-01' + n * 83 % 3000,
  CASE WHEN n = 1 THEN 120000 WHEN n <= 6 THEN 80000 ELSE 42000 END + n * 137 % 9000
FROM (SELECT n, (ARRAY['Ada','Bruno','Clara','David','Elena','Farid','Greta','Hugo'])[1 + n % 8] || ' '
  || (ARRAY['Novak','Rossi','Weber','Dubois','Jensen'])[1 + n * 3 % 5] AS name FROM generate_series(1, 40) n) e;

INSERT INTO customers
SELECT n, 1 + n * 7 % 5, name, lower(replace(name, ' ', '.')) || n || '@mail.example',
  (ARRAY['consumer','consumer','consumer','business','business','public'])[1 + n % 6],
  jsonb_build_object('newsletter', n % 3 = 0, 'language', (ARRAY['da','fr','de','it','pl'])[1 + n * 7 % 5]),
  timestamptz '2022-01-01 08:00Z' + n * interval '37 hours'
FROM (SELECT n, (ARRAY['Anna','Ben','Chloe','Dario','Emil','Fanny','Georg','Hanna','Ivan','Julia','Karol'])[1 + n % 11] || ' '
  || (ARRAY['Nielsen','Martin','Schmidt','Bianchi','Kowalski','Moreau','Fischer'])[1 + n % 7] AS name
  FROM generate_series(1, 600) n) c;

INSERT INTO products
SELECT n, upper(left(category, 3)) || '-' || lpad(n::text, 4, '0'), adjective || ' ' || noun, category,
  price, round(price * (0.45 + n % 7 * 0.05), 2), n * 53 % 400,
  CASE WHEN n % 4 = 0 THEN '{new}'::text[] WHEN n % 9 = 0 THEN '{sale,last-chance}' ELSE '{}' END, n % 17 = 0
FROM (SELECT n, (ARRAY['Furniture','Lighting','Kitchen','Garden','Office','Textiles'])[1 + n % 6] AS category,
  (ARRAY['Chair','Lamp','Pan','Planter','Desk organiser','Blanket'])[1 + n % 6] AS noun,
  (ARRAY['Oak','Steel','Linen','Copper','Walnut','Ceramic','Bamboo','Glass','Felt','Brass'])[1 + n / 6 % 10]
    || CASE WHEN n > 60 THEN ' large' ELSE '' END AS adjective,
  (5 + n * 1731 % 39500 / 100.0)::numeric(8,2) AS price FROM generate_series(1, 120) n) p;

-- More is sold every year, most of it in November and December.
INSERT INTO orders
SELECT n, ordered_at, 1 + (n * 7919 % 500), CASE WHEN n % 3 > 0 THEN 1 + n * 31 % 40 END, status,
  CASE WHEN status IN ('shipped', 'delivered', 'returned') THEN ordered_at + (1 + n % 6) * interval '11 hours' END,
  CASE WHEN n % 29 = 0 THEN 'Deliver to the neighbour' END
FROM (SELECT n, ordered_at, (CASE WHEN n % 31 = 0 THEN 'cancelled' WHEN n % 43 = 0 THEN 'returned'
    WHEN n <= 5900 THEN 'delivered' WHEN n <= 5960 THEN 'shipped' WHEN n <= 5985 THEN 'paid' ELSE 'pending' END)::order_status AS status
  FROM (SELECT n, timestamptz '2023-01-01 06:00Z' + interval '1 day' * floor(1095 * pow(n / 6001.0, 0.8))
      + CASE WHEN n % 5 = 0 AND extract(month FROM timestamptz '2023-01-01Z' + interval '1 day' * floor(1095 * pow(n / 6001.0, 0.8))) < 7
        THEN interval '170 days' ELSE interval '0' END + n * 677 % 57600 * interval '1 second' AS ordered_at
    FROM generate_series(1, 6000) n) t) o;

INSERT INTO order_items
SELECT order_id, ordered_at, line, product_id, 1 + (order_id * line) % CASE WHEN order_id % 50 = 0 THEN 20 ELSE 4 END,
  price, CASE WHEN order_id % 10 = 0 THEN 0.10 WHEN order_id % 37 = 0 THEN 0.25 ELSE 0 END
FROM orders CROSS JOIN LATERAL generate_series(1, 1 + order_id % 4) line
JOIN products ON product_id = 1 + (order_id * 17 + line * 29) % 120;

-- After the rows: checking each as it is inserted would take ten times as long.
ALTER TABLE orders
  ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers,
  ADD CONSTRAINT orders_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees;
ALTER TABLE order_items
  ADD CONSTRAINT order_items_order_fkey FOREIGN KEY (order_id, ordered_at) REFERENCES orders,
  ADD CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES products;
CREATE INDEX orders_customer_id ON orders (customer_id);
CREATE INDEX order_items_product_id ON order_items (product_id);

CREATE VIEW order_totals AS
SELECT order_id, ordered_at, customer_id, status,
  sum(round(quantity * unit_price * (1 - discount), 2)) AS total
FROM orders JOIN order_items USING (order_id, ordered_at)
GROUP BY order_id, ordered_at, customer_id, status;
COMMENT ON VIEW order_totals IS 'What each order comes to, in euros without VAT';

CREATE MATERIALIZED VIEW monthly_sales AS
SELECT date_trunc('month', ordered_at, 'UTC')::date AS month, region_id, count(*) AS orders, sum(total) AS revenue
FROM order_totals JOIN customers USING (customer_id)
WHERE status NOT IN ('cancelled', 'returned')
GROUP BY 1, 2;
COMMENT ON MATERIALIZED VIEW monthly_sales IS 'Revenue in euros a month and region, without what was cancelled or returned';
CREATE UNIQUE INDEX monthly_sales_month_region ON monthly_sales (month, region_id);

ANALYZE;
COMMIT;
`;
