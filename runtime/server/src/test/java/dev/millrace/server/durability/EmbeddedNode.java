// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.ScriptPlan;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A node in this process, with a state directory. */
final class EmbeddedNode implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long WAIT_SECONDS_MAX = 50;

    private final Connectors connectors;
    private final Node node;

    private EmbeddedNode(Node node, Connectors connectors) {
        this.node = node;
        this.connectors = connectors;
    }

    static EmbeddedNode start(Path state) {
        return start(
                state, BuiltInConnectors.create(new PrintStream(OutputStream.nullOutputStream())),
                ConfigFactory.empty());
    }

    static EmbeddedNode start(Path state, Connectors connectors, Config overrides) {
        NodeSettings settings =
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, state.resolve("dead-letters"), true, THREADS);
        return new EmbeddedNode(Node.start(settings, connectors, overrides), connectors);
    }

    /** Plans a script and starts its jobs. */
    void run(String script) {
        ScriptPlan plan = ScriptPlan.of(script, List.of(), connectors, THREADS);
        assertEquals(List.of(), plan.errors());
        for (PlacedStatement statement : plan.statements()) {
            if (statement.planned() instanceof PlannedStatement.Job job) {
                node.submit(job.plan(), null);
            }
        }
    }

    Node node() {
        return node;
    }

    /** Waits until a job is as it should be. */
    JobStatus await(String job, Predicate<JobStatus> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
        JobStatus status = node.job(job);
        while (!condition.test(status)) {
            if (System.nanoTime() >= end || Thread.currentThread().isInterrupted()) {
                fail("waited in vain: " + status);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            status = node.job(job);
        }
        return status;
    }

    /** Whether a job has so many partitions and each of them has made so many epochs durable. */
    static Predicate<JobStatus> hasEpochs(int partitions, long epochs) {
        return status -> status.partitions().size() == partitions
                && status.partitions().stream().allMatch(partition -> partition.epoch() >= epochs);
    }

    @Override
    public void close() {
        node.close();
    }
}
