// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.StatePlace;
import dev.millrace.cluster.member.NodeAddress;
import dev.millrace.cluster.status.JobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Several nodes in this process, over one state directory and one target; talking by TCP as any others do. */
final class TestCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int THREADS = 2;
    private static final int SEEDS = 3;
    private static final int JOIN_SECONDS_MAX = 15;

    private final Path directory;
    private final Config overrides;
    private final EpochTarget target = new EpochTarget();
    private final List<NodeAddress> seeds = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    TestCluster(Path directory) {
        this(directory, ConfigFactory.empty());
    }

    /** @param overrides settings of all nodes */
    TestCluster(Path directory, Config overrides) {
        this.directory = directory;
        this.overrides = overrides;
        for (int i = 0; i < SEEDS; i++) {
            seeds.add(new NodeAddress(HOST, freePort()));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is written to. */
    EpochTarget target() {
        return target;
    }

    /** Starts the node that has a place in the list of seeds, and waits until it is one of the cluster. */
    Node start(int seed) throws Exception {
        Node node = begin(seed);
        node.joined().get(JOIN_SECONDS_MAX, TimeUnit.SECONDS);
        return node;
    }

    /** Starts a node without waiting. */
    Node begin(int seed) {
        return begin(seeds.get(seed).port(), seeds);
    }

    /** Starts a node at a port, 0 for a free one, with some seeds. */
    Node begin(int port, List<NodeAddress> itsSeeds) {
        NodeSettings settings = new NodeSettings(
                HOST, port, StatePlace.directory(directory.resolve("state")), directory.resolve("dead-letters"), true,
                THREADS, false, itsSeeds);
        Node node = Node.start(settings, target.connectors(), overrides);
        nodes.add(node);
        return node;
    }

    /** Waits until a job, seen from a node, is as wanted. */
    static JobStatus await(Node node, String job, Predicate<JobStatus> condition) throws InterruptedException {
        while (true) {
            Optional<JobStatus> status = node.jobs().stream().filter(other -> other.name().equals(job)).findFirst();
            if (status.isPresent() && condition.test(status.get())) {
                return status.get();
            }
            Thread.sleep(20);
        }
    }

    /** How many partitions of a job are on a node. */
    static long partitionsOn(Node node, JobStatus status) {
        return status.partitions().stream().filter(partition -> node.address().equals(partition.node())).count();
    }

    /** How many readers of a job are on a node. */
    static long readersOn(Node node, JobStatus status) {
        return status.readers().stream().filter(reader -> node.address().equals(reader.node())).count();
    }

    @Override
    public void close() {
        nodes.reversed().forEach(Node::close);
    }
}
