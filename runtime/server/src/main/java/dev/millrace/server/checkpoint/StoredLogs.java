// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.checkpoint;

import dev.millrace.checkpointing.store.StateDirectory;
import dev.millrace.checkpointing.verify.Damage;
import dev.millrace.checkpointing.verify.StateVisitor;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.checkpointing.verify.StoredLog;
import dev.millrace.checkpointing.verify.StoredSnapshot;
import dev.millrace.cluster.job.JobEvent;
import dev.millrace.cluster.job.RegistryEvent;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.engine.plan.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The logs of a state directory: read from end to end, every checksum and every rule of a log verified. */
public final class StoredLogs {
    private static final Comparator<LogSummary> BY_KIND = Comparator.comparing(log -> log.id().kind());

    private final Predicate<LogId> kept;
    private final Map<String, JobId> jobs = new HashMap<>();
    private final Map<String, Savepoint> savepoints = new HashMap<>();
    private final List<LogSummary> logs = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final Map<String, List<StoredEvent>> events = new HashMap<>();

    private StoredLogs(Predicate<LogId> kept) {
        this.kept = kept;
    }

    /**
     * Reads a directory. A node may be using it.
     *
     * @param name events of logs that people may call so are kept in memory; null for none of them
     * @throws IOException if the directory can't be listed
     */
    public static StoredLogs read(Path directory, String name) throws IOException {
        StoredLogs found = new StoredLogs(id -> name != null && id.mayBe(name));
        StateDirectory.read(directory, found.new Reading());
        found.checkSavepoints(directory);
        found.logs.removeIf(LogSummary::isEmpty);
        found.logs.sort(BY_KIND
                .thenComparing(log -> found.owner(log.id()))
                .thenComparing(log -> log.id().generation())
                .thenComparing(log -> log.id().stage())
                .thenComparing(log -> log.id().index()));
        return found;
    }

    /** Logs that hold something: those of partitions, savepoints, jobs, and the others. */
    public List<LogSummary> logs() {
        return logs;
    }

    /** What can't be used, in the order in which it was found. */
    public List<Damage> damages() {
        return damages;
    }

    /** The events of a log whose events were to be kept, without those that are deleted. */
    public List<StoredEvent> events(LogId id) {
        return events.getOrDefault(id.text(), List.of());
    }

    /** The log that people call so, by its name or its id: the newest one; null if there is none. */
    public LogSummary find(String name) {
        return logs.stream()
                .filter(log -> log.id().text().equals(name) || name(log.id()).equals(name))
                .reduce((_, last) -> last)
                .orElse(null);
    }

    /**
     * What people call a log: {@code JOB/STAGE/PARTITION}, {@code JOB/SAVEPOINT/STAGE/PARTITION} or {@code JOB}; the id
     * itself if nobody knows the job any more.
     */
    public String name(LogId id) {
        String owner = owner(id);
        return owner.equals(id.unique()) ? id.text() : owner + id.place();
    }

    private String owner(LogId id) {
        if (id.kind() == LogId.Kind.SAVEPOINT) {
            Savepoint savepoint = savepoints.get(id.unique());
            return savepoint == null ? id.unique() : savepoint.fullName().toString();
        }
        JobId job = jobs.get(id.unique());
        return job == null ? id.unique() : job.toString();
    }

    /** A savepoint without all of its images is of no use. */
    private void checkSavepoints(Path directory) {
        Set<String> there = new HashSet<>();
        logs.stream().filter(log -> !log.isEmpty()).forEach(log -> there.add(log.id().text()));
        damages.forEach(damage -> there.add(damage.persistenceId()));
        for (Savepoint savepoint : savepoints.values()) {
            for (Stage stage : savepoint.plan().stages()) {
                for (int index = 0; index < stage.partitions(); index++) {
                    String image = savepoint.log(stage.index(), index);
                    if (!there.contains(image)) {
                        damages.add(new Damage(
                                image, directory, "the image " + image + " of savepoint " + savepoint.fullName()
                                        + " is missing"));
                    }
                }
            }
        }
    }

    /** Takes what the directory holds, log by log. */
    private final class Reading implements StateVisitor {
        private LogSummary current;
        private LogRules rules;
        private String broken;
        private boolean damaged;

        @Override
        public void snapshot(StoredSnapshot snapshot) {
            LogSummary log = log(snapshot.persistenceId());
            log.add(snapshot);
            rules.snapshot(snapshot);
        }

        @Override
        public void event(StoredEvent event) {
            if (event.deleted()) {
                return;
            }
            LogSummary log = log(event.persistenceId());
            log.add(event);
            learn(event.content());
            if (log.id().holdsEpochs() && broken == null) {
                broken = rules.event(event);
            }
            if (kept.test(log.id())) {
                events.computeIfAbsent(event.persistenceId(), _ -> new ArrayList<>()).add(event);
            }
        }

        @Override
        public void log(StoredLog stored) {
            log(stored.persistenceId()).end(stored);
            if (current.id().holdsEpochs() && broken == null) {
                broken = rules.end();
            }
            if (broken != null && !damaged) {
                damages.add(new Damage(stored.persistenceId(), stored.directory(), broken));
            }
            current = null;
        }

        @Override
        public void damage(Damage damage) {
            damages.add(damage);
            damaged |= current != null && damage.persistenceId().equals(current.id().text());
        }

        private LogSummary log(String persistenceId) {
            if (current == null) {
                current = new LogSummary(LogId.of(persistenceId));
                rules = new LogRules(persistenceId);
                broken = null;
                damaged = damages.stream().anyMatch(damage -> damage.persistenceId().equals(persistenceId));
                logs.add(current);
            }
            return current;
        }

        private void learn(Object content) {
            switch (content) {
                case JobEvent.Created created -> jobs.put(created.id().unique(), created.id());
                case JobEvent.Restored restored -> jobs.put(restored.id().unique(), restored.id());
                case RegistryEvent.Registered registered -> jobs.put(registered.id().unique(), registered.id());
                case RegistryEvent.SavepointKept taken -> savepoints.put(taken.savepoint().unique(), taken.savepoint());
                case RegistryEvent.SavepointForgotten forgotten -> savepoints.remove(forgotten.unique());
                default -> {
                    // Says nothing of names.
                }
            }
        }
    }
}
