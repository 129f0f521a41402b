// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.type.Column;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table as Calcite sees it: its columns. Carries the planner's own object through the algebra. */
final class FrontTable extends AbstractTable {
    private final Object table;
    private final List<Column> columns;

    FrontTable(Object table, List<Column> columns) {
        this.table = table;
        this.columns = columns;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder row = factory.builder();
        columns.forEach(column -> row.add(column.name(), Types.toCalcite(column.type(), factory)));
        return row.build();
    }

    @Override
    public <C> C unwrap(Class<C> type) {
        return type.isInstance(table) ? type.cast(table) : super.unwrap(type);
    }
}
