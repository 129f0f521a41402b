// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.cluster.affinity.PinnedThreads;
import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.status.JobState;
import dev.millrace.connectors.BuiltInConnectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the threads of a node may run, as the kernel tells it. */
@Tag("integration")
@Timeout(30)
@EnabledOnOs(OS.LINUX)
class AffinityTest {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final Path PROCESS = TASKS.resolve(String.valueOf(ProcessHandle.current().pid()));
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final String ONE_CPU = "\\d+";

    @TempDir
    Path directory;

    @BeforeEach
    void needsTwoCpus() {
        assumeTrue(PinnedThreads.ofProcess().cpus() > 1, "with one CPU nobody can tell who is pinned");
    }

    @Test
    void shouldPinEachWorkerToACpuOfItsOwn() throws Exception {
        List<String> masks = masksOfWorkers(true, 2);

        masks.forEach(mask -> assertTrue(mask.matches(ONE_CPU), mask));
        assertEquals(2, new HashSet<>(masks).size(), masks.toString());
    }

    @Test
    void shouldShareCpusEvenlyIfThereAreTooFew() throws Exception {
        int cpus = PinnedThreads.ofProcess().cpus();
        List<String> masks = masksOfWorkers(true, cpus + 1);

        Map<String, Integer> workers = new HashMap<>();
        masks.forEach(mask -> workers.merge(mask, 1, Integer::sum));
        assertEquals(cpus, workers.size(), masks.toString());
        assertTrue(masks.stream().allMatch(mask -> mask.matches(ONE_CPU)), masks.toString());
    }

    @Test
    void shouldLeaveWorkersAloneUnlessAsked() throws Exception {
        String ofProcess = mask(PROCESS);

        masksOfWorkers(false, 2).forEach(mask -> assertEquals(ofProcess, mask));
    }

    @Test
    void shouldRunJobsOnPinnedThreadsAlone() throws Exception {
        try (Node node = node(true, 2)) {
            LongAdder rows = new LongAdder();
            JobHandle job = node.submit(TestPlans.copyToClient(10_000, 3), batch -> rows.add(batch.size()));
            assertEquals(JobState.FINISHED, job.outcome().get(20, TimeUnit.SECONDS).state());
            assertEquals(10_000, rows.sum());
            List<String> masks = masksByName("work-\\d+");
            assertFalse(masks.isEmpty(), "no worker is known by its name");
            masks.forEach(mask -> assertTrue(mask.matches(ONE_CPU), masks.toString()));
        }
    }

    @Test
    void shouldFreeThreadsThatAPinnedOneHasStarted() throws Exception {
        String ofProcess = mask(PROCESS);
        CompletableFuture<Path> heir = new CompletableFuture<>();
        CountDownLatch seen = new CountDownLatch(1);
        try (Node node = node(true, 2)) {
            workers(node).execute(() -> Thread.ofPlatform().start(() -> {
                heir.complete(current());
                await(seen);
            }));
            // It has its creator's mask, until the node looks after it; which it does by itself as well.
            Path thread = heir.get(20, TimeUnit.SECONDS);
            PinnedThreads.ofProcess().freeHeirs();
            assertEquals(ofProcess, mask(thread));
            masksByName("work-\\d+").forEach(mask -> assertTrue(mask.matches(ONE_CPU), mask));
        } finally {
            seen.countDown();
        }
    }

    private Node node(boolean affinity, int threads) {
        NodeSettings settings = new NodeSettings(
                "127.0.0.1", 0, new StatePlace.Memory(), directory.resolve("dead-letters"), false, threads, affinity);
        return Node.start(settings, BuiltInConnectors.create(System.out));
    }

    private static Executor workers(Node node) {
        return node.system().dispatchers().lookup(DispatcherSelector.fromConfig(NodeContext.WORK));
    }

    /** Keeps all workers at once, each of which tells its own. */
    private List<String> masksOfWorkers(boolean affinity, int threads) throws Exception {
        CountDownLatch together = new CountDownLatch(threads);
        List<CompletableFuture<String>> masks = new ArrayList<>();
        try (Node node = node(affinity, threads)) {
            Executor workers = workers(node);
            for (int i = 0; i < threads; i++) {
                masks.add(CompletableFuture.supplyAsync(() -> {
                    together.countDown();
                    await(together);
                    return mask(current());
                }, workers));
            }
            for (CompletableFuture<String> mask : masks) {
                mask.get(20, TimeUnit.SECONDS);
            }
        }
        return masks.stream().map(CompletableFuture::join).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path current() {
        try {
            return Path.of("/proc/thread-self").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> masksByName(String name) throws IOException {
        List<String> masks = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                try {
                    if (Files.readString(task.resolve("comm")).strip().matches(name)) {
                        masks.add(mask(task));
                    }
                } catch (NoSuchFileException e) {
                    // It has ended meanwhile.
                    continue;
                }
            }
        }
        return masks;
    }

    private static String mask(Path task) {
        try {
            for (String line : Files.readAllLines(task.resolve("status"))) {
                if (line.startsWith(ALLOWED)) {
                    return line.substring(ALLOWED.length()).strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no " + ALLOWED + " in " + task);
    }
}
