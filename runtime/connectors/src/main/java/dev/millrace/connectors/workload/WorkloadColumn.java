// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import java.util.Locale;

/** The columns of the workloads. */
enum WorkloadColumn {
    TRADER_ID(SqlType.STRING),
    SYMBOL(SqlType.STRING),
    PRICE(SqlType.DOUBLE),
    QUANTITY(SqlType.BIGINT),
    TS(SqlType.timestamp(3)),
    ORDER_ID(SqlType.BIGINT),
    CUSTOMER_ID(SqlType.BIGINT),
    STATUS(SqlType.STRING),
    TOTAL_AMOUNT(SqlType.DOUBLE),
    ORDER_TIME(SqlType.timestamp(3));

    private final Column column;

    WorkloadColumn(SqlType type) {
        column = new Column(name().toLowerCase(Locale.ROOT), type.withNullable(false));
    }

    Column column() {
        return column;
    }

    /** Whether its values come from the hash of the row rather than from its number. */
    boolean isHashed() {
        return this != TS && this != ORDER_ID && this != ORDER_TIME;
    }
}
