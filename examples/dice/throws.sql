-- How often two dice show so many pips together. The throws are made up, but the same ones every time: another seed gives
-- others.

CREATE TABLE throws (
  number BIGINT,
  first_die INT,
  second_die INT
) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '100000',
  'datagen.seed' = '1',
  'fields.number.kind' = 'sequence',
  'fields.number.start' = '1',
  'fields.number.end' = '60000',
  'fields.first_die.min' = '1',
  'fields.first_die.max' = '6',
  'fields.second_die.min' = '1',
  'fields.second_die.max' = '6'
);

SELECT first_die + second_die AS pips, COUNT(*) AS throws, MAX(number) AS latest
FROM throws
GROUP BY first_die + second_die
ORDER BY pips;
