-- What every trader did in each second, over a generated market feed of 200,000 trades a second.
-- `millrace demo` shows it live.

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
  'rows-per-second' = '200000',
  'rows-per-ms' = '200'
);

SELECT
  window_end,
  trader_id,
  COUNT(*) AS trades,
  CAST(AVG(price) AS DECIMAL(12, 2)) AS average_price,
  SUM(quantity) AS volume,
  CAST(SUM(price * quantity) AS DECIMAL(18, 2)) AS turnover
FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' SECOND))
GROUP BY window_start, window_end, trader_id;
