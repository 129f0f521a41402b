// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The connector {@code workload}: see {@link Gen} for the rows. CREATE TABLE may leave the columns out, or name some of
 * them, in any order, with their types.
 *
 * <p>Options: {@code workload} (orders, market), {@code rows} (unbounded without it), {@code keys} (5000; market has
 * keys / 100 traders with 100 symbols each, orders does not use it), {@code rows-per-ms} (10; event time),
 * {@code rows-per-second} (by the clock; as fast as possible without it), {@code splits} (4),
 * {@code skew} (0; percent of the rows that have the first key).
 */
public final class WorkloadConnector implements SourceConnector {
    private final LongSupplier nanoClock;
    private final LongSupplier startNanos;

    /** @param nanoClock as {@link System#nanoTime}, for {@code rows-per-second} */
    public WorkloadConnector(LongSupplier nanoClock) {
        this(nanoClock, nanoClock);
    }

    /**
     * @param nanoClock as {@link System#nanoTime}, for {@code rows-per-second}
     * @param startNanos asked when a split is opened: from when its rows are due; the same clock, so that splits can have
     *     one schedule
     */
    public WorkloadConnector(LongSupplier nanoClock, LongSupplier startNanos) {
        this.nanoClock = nanoClock;
        this.startNanos = startNanos;
    }

    @Override
    public String name() {
        return "workload";
    }

    @Override
    public void validateSource(TableDefinition table) {
        Workload workload = WorkloadSettings.of(table).workload();
        for (Column column : table.schema().columns()) {
            WorkloadColumn known = workload.column(column.name());
            if (known == null) {
                throw new MillraceException(
                        ErrorCode.COLUMN_NOT_FOUND,
                        "column \"" + column.name() + "\" of table \"" + table.name() + "\" is not in workload '"
                                + workload.name().toLowerCase(Locale.ROOT) + "'",
                        NearestName.hint(
                                column.name(),
                                workload.schema().columns().stream().map(Column::name).toList(),
                                "columns of the workload"));
            }
            SqlType type = known.column().type();
            if (!column.type().withNullable(false).equals(type)) {
                throw new MillraceException(
                        ErrorCode.TYPE_MISMATCH,
                        "column \"" + column.name() + "\" of table \"" + table.name() + "\" is " + column.type()
                                + ", but the workload has " + type.withNullable(true),
                        "leave the columns out of CREATE TABLE, or give the type " + type.withNullable(true));
            }
        }
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return table.options().containsKey("rows");
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        WorkloadSettings settings = WorkloadSettings.of(table);
        List<WorkloadColumn> wanted = columns.stream()
                .map(c -> settings.workload().column(table.schema().column(c).name()))
                .toList();
        return new WorkloadSource(settings, wanted, nanoClock, startNanos);
    }

    @Override
    public Schema fixedSchema(Map<String, String> options) {
        TableDefinition table = new TableDefinition("workload", Schema.of(), List.of(), options);
        return WorkloadSettings.of(table).workload().schema();
    }
}
