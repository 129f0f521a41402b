-- Customers by revenue, largest first. The file ends, so each group is given once, when it is complete.

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

SELECT customer, COUNT(*) AS orders, SUM(amount) AS revenue, AVG(amount) AS average
FROM orders
GROUP BY customer
HAVING SUM(amount) > 10
ORDER BY revenue DESC;
