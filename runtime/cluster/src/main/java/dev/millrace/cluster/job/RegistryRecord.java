// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All jobs that were ever named, and their savepoints.
 *
 * @param jobs ids by name
 * @param savepoints the savepoints, also of jobs that are gone, in the order in which they were taken
 */
record RegistryRecord(Map<String, JobId> jobs, List<Savepoint> savepoints) {
    static final RegistryRecord EMPTY = new RegistryRecord(Map.of(), List.of());

    RegistryRecord after(RegistryEvent event) {
        return switch (event) {
            case RegistryEvent.Registered registered -> {
                Map<String, JobId> all = new TreeMap<>(jobs);
                all.put(registered.id().name(), registered.id());
                yield new RegistryRecord(all, savepoints);
            }
            case RegistryEvent.Forgotten forgotten -> {
                Map<String, JobId> all = new TreeMap<>(jobs);
                all.remove(forgotten.name());
                yield new RegistryRecord(all, savepoints);
            }
            case RegistryEvent.SavepointKept kept -> {
                List<Savepoint> all = new ArrayList<>(savepoints);
                all.add(kept.savepoint());
                yield new RegistryRecord(jobs, all);
            }
            case RegistryEvent.SavepointForgotten forgotten ->
                    new RegistryRecord(
                            jobs,
                            savepoints.stream()
                                    .filter(savepoint -> !savepoint.unique().equals(forgotten.unique()))
                                    .toList());
        };
    }
}
