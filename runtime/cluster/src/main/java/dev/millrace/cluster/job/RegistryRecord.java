// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobId;
import java.util.Map;
import java.util.TreeMap;

/**
 * All jobs that were ever named.
 *
 * @param jobs ids by name
 */
record RegistryRecord(Map<String, JobId> jobs) {
    static final RegistryRecord EMPTY = new RegistryRecord(Map.of());

    RegistryRecord after(RegistryEvent event) {
        return switch (event) {
            case RegistryEvent.Registered registered -> {
                Map<String, JobId> all = new TreeMap<>(jobs);
                all.put(registered.id().name(), registered.id());
                yield new RegistryRecord(all);
            }
            case RegistryEvent.Forgotten forgotten -> {
                Map<String, JobId> all = new TreeMap<>(jobs);
                all.remove(forgotten.name());
                yield new RegistryRecord(all);
            }
        };
    }
}
