// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A row of a result.
 *
 * @param kind {@code +I}, {@code +U}, {@code -U} or {@code -D}
 * @param values values by column as text, null for NULL
 * @param json the row as the server sent it: an object, its fields in the order of the columns
 */
public record ResultRow(String kind, List<String> values, String json) {
    public ResultRow {
        // Not List.copyOf, which takes no nulls.
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }
}
