package dev.millrace.cluster;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.plan.JobPlan;

/** A Millrace node in this process: a cluster of one until others join. */
public final class Node implements AutoCloseable {
    private Node() {}

    /**
     * Starts the node and waits until it can take jobs.
     *
     * @throws dev.millrace.engine.error.MillraceException if the state directory is in use or can't be written
     */
    public static Node start(NodeSettings settings, Connectors connectors) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts a job, or goes on with the job of this name.
     *
     * @param plan the plan; without a name it is a nameless job without checkpoints
     * @param consumer the client of a SELECT, or null if the target is a table
     * @throws dev.millrace.engine.error.MillraceException if a job of this name with other SQL exists, or its sources
     *     can't be resolved
     */
    public JobHandle submit(JobPlan plan, ResultConsumer consumer) {
        throw new UnsupportedOperationException();
    }

    /** Stops all jobs in order, each with a checkpoint, and then the node. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
