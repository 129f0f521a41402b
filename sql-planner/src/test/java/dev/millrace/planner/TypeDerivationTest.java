// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.engine.type.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Result types where the dialect says them itself. */
class TypeDerivationTest {
    private static String types(String query) {
        return String.join(
                "; ", Script.plan(query).target().schema().columns().stream().map(Column::type).map(Object::toString)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SUM(quantity)           | BIGINT
            SUM(price)              | DECIMAL(38, 2)
            SUM(amount)             | DOUBLE
            SUM(total)              | DECIMAL(38, 2)
            AVG(quantity)           | DOUBLE
            AVG(price)              | DECIMAL(38, 6)
            AVG(amount)             | DOUBLE
            COUNT(*)                | BIGINT NOT NULL
            COUNT(DISTINCT trader)  | BIGINT NOT NULL
            MIN(trader)             | VARCHAR(20)
            MAX(ts)                 | TIMESTAMP(3)
            MIN(flag)               | BOOLEAN
            """)
    void shouldDeriveTheTypeOfAnAggregate(String aggregate, String type) {
        assertEquals("STRING; " + type, types("SELECT symbol, " + aggregate + " FROM trades GROUP BY symbol"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quantity + 1                            | INTEGER
            quantity / 2                            | INTEGER
            MOD(quantity, 2)                        | INTEGER
            CAST(quantity AS SMALLINT) * quantity   | INTEGER
            quantity + CAST(1 AS BIGINT)            | BIGINT
            price * price                           | DECIMAL(20, 4)
            price / price                           | DECIMAL(23, 13)
            price + 1                               | DECIMAL(13, 2)
            price * amount                          | DOUBLE
            quantity > 3                            | BOOLEAN
            COALESCE(symbol, '?')                   | STRING NOT NULL
            CASE WHEN flag THEN 'a' ELSE 'abc' END  | VARCHAR(3) NOT NULL
            NULLIF(quantity, 0)                     | INTEGER
            CAST('2024-01-01' AS DATE)              | DATE NOT NULL
            CHAR_LENGTH(symbol)                     | INTEGER
            EXTRACT(HOUR FROM ts)                   | BIGINT
            FLOOR(ts TO MINUTE)                     | TIMESTAMP(3)
            DATE_TRUNC('hour', ts)                  | TIMESTAMP(3)
            ts + INTERVAL '300' SECOND              | TIMESTAMP(3)
            TO_TIMESTAMP(symbol)                    | TIMESTAMP(3)
            CAST(quantity AS STRING)                | STRING
            TRY_CAST(symbol AS INT)                 | INTEGER
            GREATEST(quantity, 3)                   | INTEGER
            IF(flag, 1, 2)                          | INTEGER NOT NULL
            """)
    void shouldDeriveTheTypeOfAnExpression(String expression, String type) {
        assertEquals(type, types("SELECT " + expression + " AS x FROM trades"));
    }

    @Test
    void shouldTakeTimestampsWithoutAPrecisionAsMicroseconds() {
        assertEquals(
                "[[t, TIMESTAMP(6), ], [l, TIMESTAMP_LTZ(3), ], [s, STRING NOT NULL, ], [b, BYTES, ], [d, DECIMAL(10, 0), ], "
                        + "[f, FLOAT, ]]",
                ((PlannedStatement.Rows) Script
                        .last("CREATE TABLE x (t TIMESTAMP, l TIMESTAMP_LTZ(3), s STRING NOT NULL, "
                                + "b BYTES, d DECIMAL, f FLOAT) WITH ('connector' = 'memory'); DESCRIBE x"))
                        .rows().toString());
    }
}
