-- Orders above 100, with the tax in them: a row for a row.

CREATE TABLE orders (
  order_id BIGINT,
  customer STRING,
  product STRING,
  amount DECIMAL(10, 2),
  ordered_at TIMESTAMP(3)
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/orders/orders.jsonl',
  'format' = 'json'
);

SELECT order_id, customer, UPPER(product) AS product, amount, CAST(amount * 0.19 AS DECIMAL(10, 2)) AS tax
FROM orders
WHERE amount > 100;
