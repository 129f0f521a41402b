-- Temperatures a minute, by event time. A reading may come up to ten seconds late; one of the file comes later than
-- that and is counted as late. One line of the file is broken and goes to the dead letters.

CREATE TABLE readings (
  sensor STRING,
  degrees DECIMAL(5, 1),
  `at` TIMESTAMP(3),
  WATERMARK FOR `at` AS `at` - INTERVAL '10' SECOND
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/sensors/readings.csv',
  'format' = 'csv'
);

SELECT window_start, sensor, COUNT(*) AS readings, MIN(degrees) AS low, MAX(degrees) AS high
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, sensor;
