// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.type.Schema;
import java.util.Arrays;
import java.util.List;

/** The tables that can be generated. */
enum Workload {
    ORDERS(
            WorkloadColumn.ORDER_ID,
            WorkloadColumn.CUSTOMER_ID,
            WorkloadColumn.STATUS,
            WorkloadColumn.TOTAL_AMOUNT,
            WorkloadColumn.ORDER_TIME),
    MARKET(
            WorkloadColumn.TRADER_ID,
            WorkloadColumn.SYMBOL,
            WorkloadColumn.PRICE,
            WorkloadColumn.QUANTITY,
            WorkloadColumn.TS);

    private final List<WorkloadColumn> columns;

    Workload(WorkloadColumn... columns) {
        this.columns = List.of(columns);
    }

    Schema schema() {
        return new Schema(columns.stream().map(WorkloadColumn::column).toList());
    }

    /** The column with this name, or null. */
    WorkloadColumn column(String name) {
        return columns.stream().filter(c -> c.column().name().equals(name)).findFirst().orElse(null);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(w -> w.name().toLowerCase(java.util.Locale.ROOT)).toList();
    }
}
