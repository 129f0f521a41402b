// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.millrace.server.MillraceProcess;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.PostgresServer;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs from a topic into topics, files and a database, whose process is killed again and again: at each point of an epoch,
 * and at moments of chance. In the end all targets hold what DuckDB answers on the input: nothing is lost, nothing is there
 * twice.
 */
final class EngineKilledInEpochTest {
    private static final int AWAIT_SECONDS_MAX = 300;
    private static final int STOP_SECONDS_MAX = 40;
    /** The exit code of a process that ended in order when it was asked to. */
    private static final int STOPPED = 143;
    /** How often kills are left to chance. */
    private static final int CHANCE_EVERY = 4;

    @TempDir
    Path directory;

    private final Map<String, Integer> deaths = new TreeMap<>();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final KafkaBroker broker = KafkaBroker.shared();
    private Process engine;

    @AfterEach
    void end() throws InterruptedException {
        System.out.println("seed " + seed + ", died " + deaths);
        engine.destroyForcibly().waitFor();
    }

    @Test
    @Tag("cluster")
    @Timeout(60)
    void shouldLoseNothingAndRepeatNothing() throws Exception {
        // Images are complete at the beginning, and later when there are many epochs, for which there is no time here.
        List<Point> points = new ArrayList<>(Point.IMAGES);
        Collections.shuffle(points, random);
        List<Point> others = new ArrayList<>(List.of(Point.values()));
        others.removeAll(Point.IMAGES);
        others.removeAll(Point.DELETIONS);
        Collections.shuffle(others, random);
        others.add(points.getFirst());
        kill(others, 7, Duration.ofSeconds(20), Duration.ofSeconds(4), 2_000, 500, null);
    }

    /**
     * The long form. System properties say how long: {@code rounds}, in some {@code minutes}, in which {@code rows} come
     * several times a second, after a first row of each of the {@code keys}.
     */
    @Test
    @Tag("soak")
    @Timeout(4 * 60 * 60)
    void shouldLoseNothingAndRepeatNothingOfAMillionKeys() throws Exception {
        int rounds = Integer.getInteger("rounds", 100);
        List<Point> points = new ArrayList<>();
        while (points.size() < rounds) {
            List<Point> all = new ArrayList<>(List.of(Point.values()));
            Collections.shuffle(all, random);
            points.addAll(all);
        }
        kill(
                points, rounds, Duration.ofMinutes(Integer.getInteger("minutes", 180)), Duration.ofSeconds(15),
                Integer.getInteger("keys", 1_000_000), Integer.getInteger("rows", 1_000), PostgresServer.shared());
    }

    /**
     * @param points where it dies, the last one first
     * @param roundsMax how often it dies
     * @param timeMax when this is over there is no further round
     * @param waitMax a point that is not reached for so long, while the jobs are at work, is given up: the process is
     *     killed where it is
     * @param rowsAtOnce how many rows come several times a second
     */
    private void kill(
            List<Point> points, int roundsMax, Duration timeMax, Duration waitMax, int keys, int rowsAtOnce,
            PostgresServer database)
            throws Exception {
        broker.topics().create("trades", Trades.PARTITIONS);
        for (String target : List.of("passed", "windows", "counts")) {
            broker.topics().create(target, 2);
        }
        Jobs jobs = new Jobs(broker, directory);
        jobs.intoTopics();
        jobs.intoFiles();
        if (database != null) {
            jobs.intoDatabase(database);
        }
        Files.writeString(directory.resolve("script.sql"), jobs.script());
        try (Duck duck = new Duck()) {
            Trades trades = new Trades(broker.topics(), "trades", duck, random, keys, 20);
            trades.appendKeys();
            long end = System.nanoTime() + timeMax.toNanos();
            for (int round = 1; round <= roundsMax && System.nanoTime() < end; round++) {
                Point point = round % CHANCE_EVERY == 0 ? null : points.removeLast();
                start(point);
                die(point, waitMax, () -> trades.append(rowsAtOnce));
            }
            start(null);
            trades.append(rowsAtOnce);
            trades.appendEnd();
            try (Results results = new Results(duck, broker, directory, database)) {
                await(results::areInTopics, results);
                // A last time: nothing new comes afterwards, and all has to be shown all the same.
                MillraceProcess.signal(engine, "KILL");
                engine.waitFor();
                start(null);
                await(results::areThere, results);
                MillraceProcess.signal(engine, "TERM");
                assertTrue(engine.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS));
                results.compare();
            }
        }
    }

    private void await(Callable<Boolean> condition, Results results) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS_MAX);
        while (!condition.call()) {
            assertTrue(engine.isAlive(), this::errors);
            assertFalse(errors().contains(" failed: "), this::errors);
            if (System.nanoTime() >= end) {
                fail(results.progress() + "\n" + errors());
            }
        }
    }

    /** @param point where the engine is to die, or null */
    private void start(Point point) throws IOException {
        String death = point == null ? "NONE:0" : point + ":" + (1 + random.nextInt(timesMax(point)));
        List<String> command = MillraceProcess.command();
        command.removeLast();
        command.addAll(List.of(
                "-Djava.io.tmpdir=" + directory, DyingEngine.class.getName(),
                directory.resolve("script.sql").toString(), directory.resolve("state").toString(), death));
        engine = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(Redirect.appendTo(directory.resolve("errors.txt").toFile()))
                .start();
    }

    /** Some points are reached by every partition at its start, others again and again, and some now and then only. */
    private static int timesMax(Point point) {
        return switch (point) {
            case BEFORE_SNAPSHOT, IN_SNAPSHOT, AFTER_SNAPSHOT, BEFORE_DELETE, AFTER_DELETE -> 1;
            case BEFORE_JOB_EVENT, AFTER_JOB_EVENT, BEFORE_CLOSE, AFTER_CLOSE -> 3;
            case BEFORE_CLAIM, AFTER_CLAIM, BEFORE_OPEN, AFTER_OPEN -> 8;
            default -> 40;
        };
    }

    private void die(Point point, Duration waitMax, Runnable feed) throws Exception {
        feed.run();
        if (point == null || point.needsStop()) {
            // From before the jobs are at work to after they have caught up.
            if (random.nextBoolean()) {
                awaitWork();
            }
            await(Duration.ofMillis(1 + random.nextLong(waitMax.toMillis())), feed);
        } else {
            awaitWork();
            await(waitMax, feed);
        }
        if (point != null && point.needsStop()) {
            MillraceProcess.signal(engine, "TERM");
            engine.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        }
        boolean isReached = !engine.isAlive();
        if (!isReached) {
            MillraceProcess.signal(engine, "KILL");
            engine.waitFor();
        }
        String where = point == null ? "by chance" : isReached ? point.name() : "not " + point;
        if (point != null && point.needsStop() && engine.exitValue() == STOPPED) {
            where = "not " + point;
        } else {
            assertEquals(Death.EXIT_CODE, engine.exitValue(), this::errors);
        }
        deaths.merge(where, 1, Integer::sum);
        System.out.println(deaths.values().stream().mapToInt(Integer::intValue).sum() + ": " + where);
    }

    private void awaitWork() throws Exception {
        while (Files.size(directory.resolve("out.txt")) == 0 && !engine.waitFor(50, TimeUnit.MILLISECONDS)) {
            // It starts.
        }
    }

    /** Gives rows to the engine until it is dead, or for some time. */
    private void await(Duration time, Runnable feed) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && !engine.waitFor(100, TimeUnit.MILLISECONDS)) {
            feed.run();
        }
    }

    private String errors() {
        try (var lines = Files.lines(directory.resolve("errors.txt"))) {
            return lines.filter(line -> !line.startsWith("SLF4J")).reduce("", (all, line) -> all + line + "\n");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
