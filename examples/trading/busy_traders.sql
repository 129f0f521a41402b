-- A finished slice of the same feed: traders with more than 1,030 trades in a second of event time.

CREATE TABLE trades (
  trader_id STRING,
  symbol STRING,
  price DOUBLE,
  quantity BIGINT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH (
  'connector' = 'workload',
  'workload' = 'market',
  'keys' = '1000',
  'rows' = '100000'
);

SELECT
  trader_id,
  COUNT(*) AS trades,
  MIN(price) AS low,
  MAX(price) AS high,
  SUM(quantity) AS volume
FROM trades
WINDOW TUMBLING (SIZE 1 SECOND)
GROUP BY trader_id
HAVING COUNT(*) > 1030;
