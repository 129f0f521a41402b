-- Run once after a build, so that the JVM can keep what such a run loads. It touches what most queries need: both file
-- formats, event time, windows, grouping, exact decimals, a plain filter, a running GROUP BY and a generator.

CREATE TABLE orders (
  ts TIMESTAMP(3),
  customer STRING,
  status STRING,
  amount DECIMAL(12, 2),
  quantity BIGINT,
  weight DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'orders.jsonl', 'format' = 'json');

CREATE TABLE prices (
  symbol STRING,
  price DECIMAL(12, 4)
) WITH ('connector' = 'filesystem', 'path' = 'prices.csv', 'format' = 'csv');

SELECT customer, UPPER(status) AS status, amount * quantity AS total
FROM orders
WHERE amount > 10 AND status <> 'cancelled';

SELECT window_start, customer, COUNT(*) AS orders, SUM(amount) AS amount, AVG(weight) AS weight, MAX(quantity) AS most
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, customer
HAVING COUNT(*) > 1;

SELECT symbol, COUNT(*) AS n, MIN(price) AS low, MAX(price) AS high
FROM prices
GROUP BY symbol
EMIT FINAL;
