-- The revenue of each customer after every order: one change for every input row.

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

SELECT customer, COUNT(*) AS orders, SUM(amount) AS revenue
FROM orders
GROUP BY customer
EMIT CHANGES;
