// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.state.GroupTable;

/** The texts of one key column by group, written out once, so that the rows that leave only point at them. */
final class KeyTexts {
    private final GroupTable table;
    private final int column;
    private final BytesVector texts = new BytesVector(0);
    private int groups;

    /** @param column the key column */
    KeyTexts(GroupTable table, int column) {
        this.table = table;
        this.column = column;
    }

    /** Points the first rows of a vector at the texts of their groups. */
    void read(int[] rowGroups, int count, BytesVector into) {
        takeNewGroups();
        into.share(texts.data());
        final int[] starts = texts.starts();
        final int[] lengths = texts.lengths();
        final int[] toStarts = into.starts();
        final int[] toLengths = into.lengths();
        for (int i = 0; i < count; i++) {
            int group = rowGroups[i];
            toStarts[i] = starts[group];
            toLengths[i] = lengths[group];
        }
        if (texts.nulls() != null) {
            for (int i = 0; i < count; i++) {
                if (texts.isNull(rowGroups[i])) {
                    into.setNull(i);
                }
            }
        }
    }

    private void takeNewGroups() {
        int added = table.size() - groups;
        if (added > 0) {
            int[] ids = new int[added];
            for (int i = 0; i < added; i++) {
                ids[i] = groups + i;
            }
            texts.ensureCapacity(table.size());
            table.writeKeys(column, ids, ids, 0, added, texts);
            groups = table.size();
        }
    }

    long bytes() {
        return texts.bytes();
    }
}
