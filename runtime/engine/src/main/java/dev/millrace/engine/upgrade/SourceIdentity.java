// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Objects;

/**
 * Whether two tables read the same thing, so that positions in one are positions in the other: the same connector, and
 * the same place. Servers don't count, since one that moves is still the same; nor does how rows are decoded, or where
 * reading begins.
 */
final class SourceIdentity {
    /** The options that name a place. */
    private static final List<String> PLACES =
            List.of("topic", "topic-pattern", "path", "workload", "url", "table-name");

    private SourceIdentity() {}

    static boolean isSame(TableDefinition one, TableDefinition other) {
        if (!Objects.equals(one.connector(), other.connector())) {
            return false;
        }
        boolean named = PLACES.stream().anyMatch(one.options()::containsKey);
        return named
                ? PLACES.stream()
                        .allMatch(place -> Objects.equals(one.options().get(place), other.options().get(place)))
                : one.name().equals(other.name());
    }
}
